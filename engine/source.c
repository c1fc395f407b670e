#include "source.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text.h"

enum { source_bytes_max = 1024 * 1024, source_name_max = 60 };

/* ---- the file ---- */

/* The length of the UTF-8 character at `at`; 0 when it is none. */
static size_t character_length(const char *at)
{
    const unsigned char *byte = (const unsigned char *)at;
    const size_t length = byte[0] < 0x80   ? 1
                          : byte[0] < 0xC2 ? 0
                          : byte[0] < 0xE0 ? 2
                          : byte[0] < 0xF0 ? 3
                          : byte[0] < 0xF5 ? 4
                                           : 0;
    for (size_t i = 1; i < length; i++)
        if ((byte[i] & 0xC0) != 0x80)
            return 0;
    const bool overlong = (byte[0] == 0xE0 && byte[1] < 0xA0) || (byte[0] == 0xF0 && byte[1] < 0x90);
    const bool beyond = (byte[0] == 0xED && byte[1] > 0x9F) || (byte[0] == 0xF4 && byte[1] > 0x8F);
    return overlong || beyond ? 0 : length;
}

static patron_status unusable(ptn_problem *problem, const char *path, int line, const char *what,
                              const char *fix)
{
    ptn_problem_set(problem, PATRON_EDATA, "E206", "%s", what);
    if (line)
        ptn_problem_where(problem, "%s:%d", path, line);
    else
        ptn_problem_where(problem, "%s", path);
    ptn_problem_fix(problem, "%s", fix);
    return PATRON_EDATA;
}

static patron_status check_text(const char *text, size_t length, const char *path, ptn_problem *problem)
{
    int line = 1;
    for (size_t i = 0; i < length;) {
        line += text[i] == '\n';
        if (text[i] == '\0')
            return unusable(problem, path, line, "a source has a NUL byte", "save the file as UTF-8 text");
        const size_t size = character_length(text + i);
        if (size == 0)
            return unusable(problem, path, line, "a source is not UTF-8 text", "save the file as UTF-8 text");
        i += size;
    }
    return PATRON_OK;
}

/* The whole file, ended by a NUL byte. A byte order mark, as Windows editors write it, is left out. */
static patron_status read_text(const char *file_path, const char *path, char **out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    size_t length = 0;
    char *text = malloc(source_bytes_max + 2);
    FILE *file = text ? fopen(file_path, "rb") : NULL;
    if (!text)
        return ptn_out_of_memory(problem);
    errno = file ? 0 : errno;
    if (file)
        length = fread(text, 1, source_bytes_max + 1, file);
    if (!file || ferror(file)) {
        ptn_problem_set(problem, PATRON_EIO, "E206", "a source cannot be read");
        ptn_problem_where(problem, "%s", path);
        ptn_problem_why(problem, "%s", strerror(errno));
        status = PATRON_EIO;
        goto done;
    }
    text[length] = '\0';
    if (length > source_bytes_max)
        PTN_TRY(unusable(problem, path, 0, "a source is larger than 1 MiB",
                         "a source is a SELECT over data; keep the data in a file of its own"));
    PTN_TRY(check_text(text, length, path, problem));
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        memmove(text, text + 3, length - 2);
    *out = text;
    text = NULL;

done:
    if (file)
        fclose(file);
    free(text);
    return status;
}

/* ---- the statement ---- */

/* Past the comment or the quoted text that starts at `at`; `at` itself when none does. What is never closed runs to
 * the end: DuckDB will say so. */
static const char *past_comment(const char *at)
{
    if (strncmp(at, "--", 2) == 0)
        return at + strcspn(at, "\r\n");
    if (strncmp(at, "/*", 2) != 0)
        return at;
    int depth = 0;
    do {
        const int step = strncmp(at, "/*", 2) == 0 ? 1 : strncmp(at, "*/", 2) == 0 ? -1 : 0;
        depth += step;
        at += step ? 2 : 1;
    } while (depth > 0 && *at);
    return at;
}

static const char *past_quoted(const char *at, const char *before)
{
    if (*at == '\'' || *at == '"') {
        /* e'It\'s' knows backslashes; a doubled quote is two quoted texts side by side, which is as good */
        const bool escapes = *at == '\'' && before && (*before == 'e' || *before == 'E');
        const char quote = *at++;
        while (*at && *at != quote)
            at += escapes && at[0] == '\\' && at[1] ? 2 : 1;
        return *at ? at + 1 : at;
    }
    if (*at == '$') { /* $tag$ ... $tag$ */
        size_t tag = 1;
        while (at[tag] == '_' || isalnum((unsigned char)at[tag]))
            tag++;
        if (at[tag] != '$' || isdigit((unsigned char)at[1]))
            return at;
        tag++;
        const char *inside = at + tag;
        while (*inside && strncmp(inside, at, tag) != 0)
            inside++;
        return *inside ? inside + tag : inside;
    }
    return at;
}

size_t ptn_sql_cut(char *text)
{
    const char *end = text; /* past the last byte that is neither blank, comment nor trailing semicolon */
    const char *before = NULL;
    for (const char *at = text; *at;) {
        const char *past = past_comment(at);
        if (past == at) {
            past = past_quoted(at, before);
            if (past == at)
                past = at + 1;
            if (!isspace((unsigned char)*at) && *at != ';')
                end = past;
        }
        before = past - 1;
        at = past;
    }
    text[end - text] = '\0';
    return (size_t)(end - text);
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

static patron_status no_stream_line(const char *text, const char *path, const char *why, ptn_problem *problem)
{
    const int width = (int)strcspn(text, "\r\n");
    ptn_problem_set(problem, PATRON_EDATA, "E202", "the first line does not name a stream");
    ptn_problem_where(problem, "%s:1", path);
    ptn_problem_excerpt(problem, text, 1, 1, width);
    ptn_problem_why(problem, "%s", why);
    ptn_problem_fix(problem, "begin the file with a line like: -- stream: %s", ptn_stream_names[0]);
    return PATRON_EDATA;
}

/* "-- stream: ledger" */
static patron_status read_stream(const char *text, const char *path, const char **out, ptn_problem *problem)
{
    const char *at = skip_blanks(text);
    if (strncmp(at, "--", 2) != 0)
        return no_stream_line(text, path, "it is not a comment", problem);
    at = skip_blanks(at + strspn(at, "-"));
    if (strncasecmp(at, "stream", 6) != 0 || *skip_blanks(at + 6) != ':')
        return no_stream_line(text, path, "it has no `stream:`", problem);
    at = skip_blanks(skip_blanks(at + 6) + 1);
    const char *const name = at;
    const size_t length = strcspn(name, " \t\r\n");
    if (length == 0)
        return no_stream_line(text, path, "no name follows `stream:`", problem);
    at = skip_blanks(name + length);
    if (*at && *at != '\r' && *at != '\n')
        return no_stream_line(text, path, "more than one word follows `stream:`", problem);

    for (unsigned i = 0; i < ptn_stream_name_count; i++)
        if (strlen(ptn_stream_names[i]) == length && strncasecmp(ptn_stream_names[i], name, length) == 0) {
            *out = ptn_stream_names[i];
            return PATRON_OK;
        }
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)length, name);
    const char *near = ptn_nearest(word, ptn_stream_names, ptn_stream_name_count);
    ptn_text known = {0};
    for (unsigned i = 0; i < ptn_stream_name_count; i++)
        ptn_text_addf(&known, "%s%s", i ? ", " : "", ptn_stream_names[i]);
    ptn_problem_set(problem, PATRON_EDATA, "E205", "unknown stream \"%s\"", word);
    ptn_problem_where(problem, "%s:1:%d", path, (int)(name - text) + 1);
    ptn_problem_excerpt(problem, text, 1, (int)(name - text) + 1, (int)length);
    ptn_problem_why(problem, "the streams are %s", ptn_text_str(&known));
    if (near)
        ptn_problem_fix(problem, "did you mean %s?", near);
    ptn_text_free(&known);
    return PATRON_EDATA;
}

/* ---- one source, all sources ---- */

static patron_status load_source(const char *folder, const char *file_name, ptn_source *source,
                                 ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char *file_path = NULL;
    const char *stream = NULL;
    const size_t length = strlen(file_name) - strlen(".sql");
    source->name = strndup(file_name, length);
    if (!source->name || !(source->path = ptn_text_path("sources", file_name))
        || !(file_path = ptn_text_path(folder, file_name)))
        PTN_TRY(ptn_out_of_memory(problem));
    if (length > source_name_max) {
        ptn_problem_set(problem, PATRON_EDATA, "E208", "a source has a name of %zu letters", length);
        ptn_problem_where(problem, "%s", source->path);
        ptn_problem_fix(problem, "rename the file: at most %d letters before .sql", source_name_max);
        status = PATRON_EDATA;
        goto done;
    }
    for (size_t i = 0; i < length; i++)
        if (!(isalnum((unsigned char)file_name[i]) && (unsigned char)file_name[i] < 0x80)
            && file_name[i] != '_' && file_name[i] != '-') {
            ptn_problem_set(problem, PATRON_EDATA, "E208", "a source cannot be called \"%s\"", source->name);
            ptn_problem_where(problem, "%s", source->path);
            ptn_problem_fix(problem, "rename the file with letters A to Z, digits, - and _ only");
            status = PATRON_EDATA;
            goto done;
        }
    PTN_TRY(read_text(file_path, source->path, &source->sql, problem));
    PTN_TRY(read_stream(source->sql, source->path, &stream, problem));
    source->stream = strdup(stream);
    if (!source->stream)
        PTN_TRY(ptn_out_of_memory(problem));
    if (ptn_sql_cut(source->sql) == 0) {
        ptn_problem_set(problem, PATRON_EDATA, "E207", "a source has no statement");
        ptn_problem_where(problem, "%s", source->path);
        ptn_problem_fix(problem, "write a SELECT below the first line");
        status = PATRON_EDATA;
    }

done:
    free(file_path);
    return status;
}

/* DuckDB, and some disks, take Orders and orders for one name. */
static patron_status check_names(const ptn_source *sources, unsigned count, ptn_problem *problem)
{
    for (unsigned i = 0; i < count; i++)
        for (unsigned j = i + 1; j < count; j++)
            if (strcasecmp(sources[i].name, sources[j].name) == 0) {
                ptn_problem_set(problem, PATRON_EDATA, "E208", "two sources have the same name but for capital letters");
                ptn_problem_where(problem, "%s and %s", sources[i].path, sources[j].path);
                ptn_problem_fix(problem, "rename one of the two files");
                return PATRON_EDATA;
            }
    return PATRON_OK;
}

static int is_source(const struct dirent *entry)
{
    const size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 4 && strcmp(entry->d_name + length - 4, ".sql") == 0;
}

/* Bytes, not the locale: the order is the same on every machine. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    const char *x = (*a)->d_name, *y = (*b)->d_name;
    const size_t x_length = strlen(x) - 4, y_length = strlen(y) - 4;
    const int order = memcmp(x, y, x_length < y_length ? x_length : y_length);
    return order ? order : (x_length > y_length) - (x_length < y_length);
}

patron_status ptn_sources_load(const char *project_dir, ptn_source **out, unsigned *count,
                               ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    struct dirent **entries = NULL;
    ptn_source *sources = NULL;
    char *folder = ptn_text_path(project_dir, "sources");
    int found = 0;
    *out = NULL;
    *count = 0;
    if (!folder)
        return ptn_out_of_memory(problem);
    found = scandir(folder, &entries, is_source, by_name);
    if (found <= 0) {
        const int reason = errno;
        status = found < 0 && reason != ENOENT ? PATRON_EIO : PATRON_EDATA;
        if (found == 0)
            ptn_problem_set(problem, status, "E201", "there are no sources");
        else
            ptn_problem_set(problem, status, "E201",
                            reason == ENOENT ? "there is no folder `sources`"
                                             : "the folder `sources` cannot be read");
        ptn_problem_where(problem, "%s", folder);
        if (found < 0 && reason != ENOENT)
            ptn_problem_why(problem, "%s", strerror(reason));
        ptn_problem_fix(problem,
                        "write sources/orders.sql, a SELECT that begins with the line: -- stream: %s",
                        ptn_stream_names[0]);
        goto done;
    }
    sources = calloc((size_t)found, sizeof *sources);
    if (!sources)
        PTN_TRY(ptn_out_of_memory(problem));
    for (int i = 0; i < found; i++)
        PTN_TRY(load_source(folder, entries[i]->d_name, &sources[i], problem));
    PTN_TRY(check_names(sources, (unsigned)found, problem));
    *out = sources;
    *count = (unsigned)found;
    sources = NULL;

done:
    for (int i = 0; i < found; i++)
        free(entries[i]);
    free(entries);
    ptn_sources_free(sources, found > 0 ? (unsigned)found : 0);
    free(folder);
    return status;
}

void ptn_sources_free(ptn_source *sources, unsigned count)
{
    for (unsigned i = 0; sources && i < count; i++) {
        free(sources[i].name);
        free(sources[i].path);
        free(sources[i].stream);
        free(sources[i].sql);
    }
    free(sources);
}
