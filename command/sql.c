/* patron sql: one statement against the published tables. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "paint.h"
#include "published.h"
#include "source.h"
#include "store.h"
#include "text.h"
#include "verb.h"

enum { MOST_ROWS = 2000, WIDEST = 48, MOST_RECORDS = 20 };

static char *read_file(const char *path)
{
    ptn_text text = {0};
    char part[4096];
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    if (!file)
        return NULL;
    for (size_t n; (n = fread(part, 1, sizeof part, file)) > 0;)
        ptn_text_addn(&text, part, n);
    const bool fine = !ferror(file) && !text.failed; /* a folder opens, and cannot be read */
    if (file != stdin)
        fclose(file);
    if (!fine)
        ptn_text_free(&text);
    return !fine ? NULL : text.data ? text.data : strdup("");
}

/* Columns on a terminal: UTF-8 bytes that do not start a character take no room. */
static int width_of(const char *text)
{
    int width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

/* At most WIDEST characters, the last one a mark that there is more. */
static void put(const char *text, int width, bool right, bool last)
{
    const int own = width_of(text);
    if (right)
        printf("%*s", width > own ? width - own : 0, "");
    if (own <= WIDEST) {
        fputs(text, stdout);
    } else {
        int shown = 0;
        for (const char *c = text; *c && (shown < WIDEST - 1 || ((unsigned char)*c & 0xC0) == 0x80); c++) {
            shown += ((unsigned char)*c & 0xC0) != 0x80;
            putchar(*c);
        }
        fputs(paint_is_utf8() ? "…" : "~", stdout);
    }
    if (!right && !last)
        printf("%*s", width > own ? width - own : 0, "");
}

/* What is wider than the terminal is torn by it and cannot be read. */
static bool is_too_wide(const int *width, unsigned columns)
{
    struct winsize window;
    int all = -2;
    if (!paint_is_terminal(stdout) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0)
        return false;
    for (unsigned c = 0; c < columns; c++)
        all += width[c] + 2;
    return all > window.ws_col;
}

/* A row below another: each with a line a column. */
static void put_records(ptn_rows *rows, char *const *cells, unsigned count, unsigned columns)
{
    int names = 0;
    for (unsigned c = 0; c < columns; c++)
        names = width_of(ptn_rows_name(rows, c)) > names ? width_of(ptn_rows_name(rows, c)) : names;
    for (unsigned r = 0; r < count; r++) {
        if (r)
            putchar('\n');
        for (unsigned c = 0; c < columns; c++) {
            const char *cell = cells[(size_t)r * columns + c];
            put(ptn_rows_name(rows, c), names, false, !cell || !*cell);
            printf("%s%s\n", cell && *cell ? "  " : "", cell ? cell : "");
        }
    }
}

/* Numbers stand right. */
static bool is_number(const char *type)
{
    return strstr(type, "INT") || strncmp(type, "DECIMAL", 7) == 0 || strcmp(type, "DOUBLE") == 0 || strcmp(type, "FLOAT") == 0;
}

static patron_status print_table(ptn_store *store, const char *statement, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_rows *types = NULL, *rows = NULL;
    ptn_text sql = {0};
    bool right[256] = {false};
    int width[256] = {0};
    char **cells = NULL;
    unsigned columns = 0, count = 0, more = 0;
    char number[32];

    ptn_text_addf(&sql, "SELECT column_type FROM (DESCRIBE SELECT * FROM (%s))", statement);
    PTN_TRY(ptn_store_query(store, ptn_text_str(&sql), &types, problem));
    while (ptn_rows_next(types) && columns < 256)
        right[columns++] = is_number(ptn_rows_text(types, 0));
    ptn_text_clear(&sql);
    ptn_text_addf(&sql, "SELECT COLUMNS(*)::VARCHAR FROM (%s)", statement);
    PTN_TRY(ptn_store_query(store, ptn_text_str(&sql), &rows, problem));
    columns = ptn_rows_columns(rows) < 256 ? ptn_rows_columns(rows) : 256;
    cells = calloc((size_t)columns * MOST_ROWS + 1, sizeof *cells);
    if (!cells) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    for (unsigned c = 0; c < columns; c++)
        width[c] = width_of(ptn_rows_name(rows, c));
    while (ptn_rows_next(rows)) {
        if (count == MOST_ROWS) {
            more++;
            continue;
        }
        for (unsigned c = 0; c < columns; c++) {
            const char *text = ptn_rows_text(rows, c);
            char **cell = &cells[(size_t)count * columns + c];
            *cell = strdup(text ? text : "");
            for (char *p = *cell; p && *p; p++)
                if (*p == '\n' || *p == '\r' || *p == '\t')
                    *p = ' ';
            const int own = *cell ? width_of(*cell) : 0;
            width[c] = own > width[c] ? (own > WIDEST ? WIDEST : own) : width[c];
        }
        count++;
    }
    if (count > 0 && count <= MOST_RECORDS && is_too_wide(width, columns)) {
        put_records(rows, cells, count, columns);
        goto done;
    }
    for (unsigned c = 0; c < columns; c++) {
        put(ptn_rows_name(rows, c), width[c], right[c], c + 1 == columns);
        fputs(c + 1 < columns ? "  " : "\n", stdout);
    }
    for (unsigned r = 0; r < count; r++)
        for (unsigned c = 0; c < columns; c++) {
            const char *cell = cells[(size_t)r * columns + c];
            put(cell ? cell : "", width[c], right[c], c + 1 == columns);
            fputs(c + 1 < columns ? "  " : "\n", stdout);
        }
    if (more)
        fprintf(stderr, "%s more row%s: --csv gives all\n", paint_count(more, number, sizeof number), more == 1 ? "" : "s");

done:
    for (size_t i = 0; cells && i < (size_t)columns * count; i++)
        free(cells[i]);
    free(cells);
    ptn_rows_free(types);
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

/* DuckDB opens /dev/stdout anew, which empties a file that others have written to (>> out.csv). So the bytes of a file,
 * and those of all JSON, pass through a pipe, and a process of ours writes them where the shell wants them. */
typedef struct pump {
    pid_t writer; /* 0: not needed */
    int stdout_before;
} pump;

/* DuckDB writes NaN, Infinity and -Infinity, which are no JSON (RFC 8259, section 6): null stands for them, as everywhere in
 * patron. */
typedef struct json_place {
    bool in_string, escaped;
    unsigned skip; /* letters of such a word that are still to come */
    bool minus;    /* kept back: it may belong to one */
} json_place;

/* What is to be written of a part of some JSON; out has room for four times the part. */
static size_t without_nan(json_place *at, const char *part, size_t n, char *out)
{
    size_t written = 0;
    for (size_t i = 0; i < n; i++) {
        const char c = part[i];
        if (at->skip > 0) {
            at->skip--;
            continue;
        }
        if (!at->in_string && (c == 'N' || c == 'I')) {
            at->skip = c == 'N' ? sizeof "NaN" - 2 : sizeof "Infinity" - 2;
            at->minus = false;
            memcpy(out + written, "null", 4);
            written += 4;
            continue;
        }
        if (at->minus)
            out[written++] = '-';
        at->minus = !at->in_string && c == '-';
        if (!at->minus)
            out[written++] = c;
        if (c == '"' && !at->escaped)
            at->in_string = !at->in_string;
        at->escaped = c == '\\' && !at->escaped;
    }
    return written;
}

static int write_all(int from, int to, bool json)
{
    char part[65536], clean[4 * sizeof part];
    json_place at = {0};
    for (ssize_t n; (n = read(from, part, sizeof part)) > 0;) {
        const char *text = json ? clean : part;
        const size_t length = json ? without_nan(&at, part, (size_t)n, clean) : (size_t)n;
        ssize_t more;
        for (size_t done = 0; done < length; done += (size_t)more)
            if ((more = write(to, text + done, length - done)) < 0)
                return EXIT_FAILED;
    }
    return EXIT_FINE;
}

static pump start_pump(bool json)
{
    pump p = {.stdout_before = -1};
    struct stat about;
    int ends[2];
    if (fstat(STDOUT_FILENO, &about) != 0 || ((S_ISFIFO(about.st_mode) || S_ISCHR(about.st_mode)) && !json) || pipe(ends) != 0)
        return p;
    p.writer = fork();
    if (p.writer == 0) {
        close(ends[1]);
        _exit(write_all(ends[0], STDOUT_FILENO, json));
    }
    close(ends[0]);
    if (p.writer > 0) {
        signal(SIGPIPE, SIG_IGN); /* a full disk is then DuckDB's to report */
        p.stdout_before = dup(STDOUT_FILENO);
        dup2(ends[1], STDOUT_FILENO);
    } else {
        p.writer = 0;
    }
    close(ends[1]);
    return p;
}

static bool stop_pump(pump p)
{
    int code = 0;
    if (p.writer == 0)
        return true;
    dup2(p.stdout_before, STDOUT_FILENO);
    close(p.stdout_before);
    if (waitpid(p.writer, &code, 0) != p.writer)
        return false;
    if (WIFSIGNALED(code) && WTERMSIG(code) == SIGPIPE) { /* whoever reads has seen enough, as `head` does: end like its writer */
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    return WIFEXITED(code) && WEXITSTATUS(code) == EXIT_FINE;
}

static patron_status copy_out(ptn_store *store, const char *statement, bool json, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_text_addf(&sql, "COPY (SELECT * FROM (%s)) TO '/dev/stdout' (%s)", statement,
                  json ? "FORMAT json, ARRAY true" : "FORMAT csv, HEADER true");
    const pump p = start_pump(json);
    patron_status status = ptn_store_run(store, ptn_text_str(&sql), problem);
    if (!stop_pump(p) && status == PATRON_OK)
        status = ptn_problem_set(problem, PATRON_EIO, "E401", "cannot write the result");
    ptn_text_free(&sql);
    return status;
}

/* One statement that reads. Where it has a fault is shown in the user's own text, before anything is added to it. */
static patron_status check(ptn_store *store, const char *statement, const char *name, ptn_problem *problem)
{
    ptn_statement found;
    const patron_status status = ptn_store_examine(store, statement, &found, problem);
    if (status != PATRON_OK) {
        if (found.fault_at >= 0)
            ptn_problem_point(problem, name, statement, (size_t)found.fault_at, found.fault_width);
        return status;
    }
    if (found.count == 1 && found.reads)
        return PATRON_OK;
    ptn_problem_set(problem, PATRON_EINVAL, "E302", found.count == 1  ? "patron sql only reads"
                                                    : found.count == 0 ? "there is no statement"
                                                                       : "patron sql takes one statement at a time");
    if (found.count == 1)
        ptn_problem_why(problem, "the published tables change when they are built, from the sources");
    ptn_problem_fix(problem, "write one SELECT (FROM, WITH, DESCRIBE and SHOW TABLES are fine)");
    return PATRON_EINVAL;
}

int run_sql(int argc, char **argv)
{
    const verb *self = verb_find("sql");
    verb_arguments given;
    ptn_problem problem = {0};
    ptn_published published = {0};
    char *text = NULL;
    if (!verb_parse(self, argc, argv, 2, &given))
        return EXIT_WRONG_USE;
    const char *file = verb_value(self, &given, "-f");
    const unsigned words = file ? 0 : 1; /* the statement is the last word, unless it comes from a file */
    if (given.rest_count < words || given.rest_count > words + 1) {
        fprintf(stderr, "patron sql: one statement is needed, in quotes\n  usage: %s\n", self->usage);
        return EXIT_WRONG_USE;
    }
    text = file ? read_file(file) : strdup(given.rest[given.rest_count - 1]);
    if (!text) {
        fprintf(stderr, "patron sql: cannot read %s\n", file);
        return EXIT_FAILED;
    }
    ptn_sql_cut(text);

    patron_status status = ptn_published_open(given.rest_count > words ? given.rest[0] : NULL, &published, &problem);
    if (status == PATRON_OK)
        status = check(published.store, text, file ? file : "statement", &problem);
    if (status == PATRON_OK && verb_value(self, &given, "--csv"))
        status = copy_out(published.store, text, false, &problem);
    else if (status == PATRON_OK && verb_value(self, &given, "--json"))
        status = copy_out(published.store, text, true, &problem);
    else if (status == PATRON_OK)
        status = print_table(published.store, text, &problem);
    if (status != PATRON_OK)
        paint_problem(&problem);
    ptn_published_close(&published);
    free(text);
    return status == PATRON_OK ? EXIT_FINE : EXIT_FAILED;
}
