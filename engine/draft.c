/* patron new, from what was given to a draft: tables, their streams, their SELECTs, their counts. */
#include "draft.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "draft_columns.h"
#include "draft_counts.h"
#include "draft_input.h"
#include "draft_ledger.h"
#include "draft_looks.h"
#include "draft_names.h"
#include "draft_people.h"
#include "draft_select.h"
#include "text.h"

/* ---- what is said ---- */

void ptn_draft_say(ptn_draft_table *t, const char *part, const char *taken, ptn_sure sure, const char *because, ...)
{
    va_list arguments;
    if (t->guess_count == PTN_GUESSES_MAX)
        return;
    ptn_guess *g = &t->guesses[t->guess_count++];
    snprintf(g->part, sizeof g->part, "%s", part);
    snprintf(g->taken, sizeof g->taken, "%s", taken);
    g->sure = sure;
    va_start(arguments, because);
    vsnprintf(g->because, sizeof g->because, because, arguments);
    va_end(arguments);
}

void ptn_draft_note_add(ptn_draft *draft, const char *format, ...)
{
    va_list arguments;
    if (draft->note_count == PTN_NOTES_MAX)
        return;
    ptn_draft_note *n = &draft->notes[draft->note_count++];
    va_start(arguments, format);
    vsnprintf(n->text, sizeof n->text, format, arguments);
    va_end(arguments);
    for (char *at = n->text; *at; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
}

const char *ptn_draft_count_text(double count, char *out, size_t size)
{
    char digits[32];
    const int length = snprintf(digits, sizeof digits, "%.0f", count);
    size_t n = 0;
    for (int i = 0; i < length && n + 2 < size; i++) {
        if (i && (length - i) % 3 == 0)
            out[n++] = ',';
        out[n++] = digits[i];
    }
    out[n] = '\0';
    return out;
}

void ptn_draft_part_add(ptn_draft_table *t, const char *name, char *sql, char *note)
{
    if (t->part_count < PTN_PARTS_MAX) {
        t->parts[t->part_count++] = (ptn_draft_part){name, sql, note};
        return;
    }
    free(sql);
    free(note);
}

/* ---- the project ---- */

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* orders for orders.csv; the folder's name for a folder; that of the one above where it says nothing, as data does. */
static char *name_project(const ptn_draft *draft, const ptn_draft_options *options)
{
    static const char *const empty[] = {"", "data", "export", "exports", "csv", "parquet", "json", "files", "download", "downloads", "input", "raw",
                                        "tmp"};
    char word[64] = "", path[PATH_MAX];
    if (options->name)
        return strdup(options->name);
    if (draft->database)
        return strdup(draft->database);
    if (draft->table_count && draft->tables[0].pattern && !is_folder(options->given[0])) /* a pattern of the shell's */
        ptn_draft_word(base_of(draft->tables[0].pattern), word, sizeof word);
    if (!word[0] && realpath(options->given[0], path))
        for (int above = 0; above < 2; above++) {
            bool says = true;
            ptn_draft_word(base_of(path), word, sizeof word);
            for (unsigned i = 0; i < sizeof empty / sizeof *empty; i++)
                says &= strcmp(word, empty[i]) != 0;
            char *slash = strrchr(path, '/');
            if (says || !slash)
                break;
            *slash = '\0';
        }
    return strdup(word[0] ? word : "shop");
}

/* Absolute, by the nearest folder above that is there. */
static char *absolute(const char *given)
{
    char *path = NULL, *out = NULL, *cwd = getcwd(NULL, 0), *real = NULL;
    ptn_text rest = {0};
    if (!cwd || asprintf(&path, "%s%s%s", given[0] == '/' ? "" : cwd, given[0] == '/' ? "" : "/", given) < 0) {
        free(cwd);
        return NULL;
    }
    for (size_t n = strlen(path); n > 1 && path[n - 1] == '/';)
        path[--n] = '\0';
    while (!(real = realpath(path[0] ? path : "/", NULL)) && errno == ENOENT && strrchr(path, '/')) {
        char *slash = strrchr(path, '/');
        ptn_text longer = {0};
        ptn_text_addf(&longer, "%s%s", slash, ptn_text_str(&rest));
        ptn_text_free(&rest);
        rest = longer;
        *slash = '\0';
    }
    if (real && asprintf(&out, "%s%s", strcmp(real, "/") == 0 ? "" : real, ptn_text_str(&rest)) < 0)
        out = NULL;
    ptn_text_free(&rest);
    free(real);
    free(path);
    free(cwd);
    return out;
}

static bool is_empty_folder(const char *dir)
{
    DIR *folder = opendir(dir);
    unsigned entries = 0;
    while (folder && readdir(folder))
        entries++;
    if (folder)
        closedir(folder);
    return entries == 2; /* itself and the one above */
}

static patron_status place_project(ptn_draft *draft, const ptn_draft_options *options, ptn_problem *problem)
{
    char inside[PATH_MAX], given[PATH_MAX];
    draft->name = name_project(draft, options);
    draft->shown_dir = strdup(options->out ? options->out : draft->name ? draft->name : "");
    draft->dir = draft->shown_dir ? absolute(draft->shown_dir) : NULL;
    if (!draft->name || !draft->dir) {
        ptn_problem_set(problem, PATRON_EIO, "E503", "no such folder");
        ptn_problem_where(problem, "%s", draft->shown_dir ? draft->shown_dir : "");
        ptn_problem_why(problem, "%s", strerror(errno));
        return PATRON_EIO;
    }
    if (options->name && (!options->name[0] || strpbrk(options->name, "/\n\r") || options->name[0] == '.' || strlen(options->name) > PTN_NAME_MAX)) {
        ptn_problem_set(problem, PATRON_EINVAL, "E503", "a project cannot be called \"%s\"", options->name);
        ptn_problem_fix(problem, "a word of up to %d letters: --name shop", PTN_NAME_MAX);
        return PATRON_EINVAL;
    }
    if (strchr(draft->dir, '?')) {
        ptn_problem_set(problem, PATRON_EINVAL, "E503", "a project cannot lie in a folder with ? in its name");
        ptn_problem_where(problem, "%s", draft->dir);
        ptn_problem_fix(problem, "--out another folder");
        return PATRON_EINVAL;
    }
    snprintf(inside, sizeof inside, "%s/patron.yaml", draft->dir);
    if (access(inside, F_OK) == 0) {
        ptn_problem_set(problem, PATRON_EINVAL, "E524", "there is a project in %s already", draft->shown_dir);
        ptn_problem_why(problem, "nothing is overwritten");
        ptn_problem_fix(problem, "another folder: --out %s_2; or add a source to sources/ by hand", draft->shown_dir);
        return PATRON_EINVAL;
    }
    struct stat about;
    if (stat(draft->dir, &about) != 0)
        return PATRON_OK;
    const bool own = realpath(options->given[0], given) && strcmp(given, draft->dir) == 0; /* the folder with the data */
    if (!S_ISDIR(about.st_mode) || (!own && !is_empty_folder(draft->dir))) {
        ptn_problem_set(problem, PATRON_EINVAL, "E524", "%s is there already", draft->shown_dir);
        ptn_problem_why(problem, S_ISDIR(about.st_mode) ? "a folder with something in it; nothing is overwritten" : "it is a file");
        ptn_problem_fix(problem, "another folder: --out %s_2", draft->shown_dir);
        return PATRON_EINVAL;
    }
    return PATRON_OK;
}

/* ---- streams ---- */

static void leave_out(ptn_draft_table *t, const char *why)
{
    t->stream = NULL;
    snprintf(t->why_not, sizeof t->why_not, "%s", why);
    t->guess_count = 0;
}

static bool named_in(const ptn_draft_table *t, const ptn_draft_options *options)
{
    return (options->amount && ptn_draft_column_at(t, options->amount) >= 0) || (options->occurred_at && ptn_draft_column_at(t, options->occurred_at) >= 0);
}

static bool has_hint(const ptn_draft_table *t, ptn_hint hint, int least)
{
    for (unsigned i = 0; i < t->column_count; i++)
        if (ptn_draft_hint(t->columns[i].name, hint) >= least && t->columns[i].filled > 0)
            return true;
    return false;
}

/* Customers who have an address and have spent so much are people; orders that have an address are a ledger. */
static const char *stream_of(const ptn_draft_table *t, const ptn_draft_options *options, bool alone)
{
    const unsigned people = ptn_draft_people_columns(t);
    const bool lines = has_hint(t, PTN_HINT_ORDER, 3) || has_hint(t, PTN_HINT_PRODUCT, 3) || has_hint(t, PTN_HINT_QUANTITY, 3);
    if (named_in(t, options))
        return "ledger";
    if (!alone && ptn_draft_is_rates(t))
        return "rates";
    if (people >= 2 && !lines)
        return "people";
    if (ptn_draft_is_ledger(t))
        return "ledger";
    if (people >= 1)
        return "people";
    return alone ? "ledger" : NULL; /* alone: it will say which part is missing */
}

static patron_status draft_others(ptn_draft *draft, const ptn_draft_options *options, ptn_problem *problem)
{
    const ptn_draft_table *ledger = NULL;
    patron_status status = PATRON_OK;
    for (unsigned i = 0; i < draft->table_count; i++)
        if (draft->tables[i].stream && strcmp(draft->tables[i].stream, "ledger") == 0 && !ledger)
            ledger = &draft->tables[i];
    for (unsigned i = 0; i < draft->table_count && status == PATRON_OK; i++) {
        ptn_draft_table *t = &draft->tables[i];
        if (t->stream && strcmp(t->stream, "people") == 0)
            status = ptn_draft_people(draft, t, options, ledger, problem);
        else if (t->stream && strcmp(t->stream, "rates") == 0)
            status = ptn_draft_rates(t);
    }
    return status;
}

/* Names the place in the words of the file, not of a SELECT that is not written yet. */
static patron_status cannot_read(const ptn_draft_table *t, ptn_problem *problem)
{
    char why[sizeof problem->why];
    const patron_status status = problem->status;
    snprintf(why, sizeof why, "%s", problem->why[0] ? problem->why : problem->what);
    ptn_problem_set(problem, status, "E520", "%s cannot be read", t->label);
    ptn_problem_why(problem, "%s", why);
    ptn_problem_fix(problem, "export it again, or write the SELECT by hand: docs/getting-started.md");
    return status;
}

patron_status ptn_draft_look(const ptn_draft_options *options, void (*on_look)(const ptn_draft_table *table), ptn_draft *out,
                             ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    struct timespec before, after;
    unsigned streams = 0;
    char why[200];
    clock_gettime(CLOCK_MONOTONIC, &before);
    *out = (ptn_draft){0};
    out->tables = calloc(PTN_DRAFT_TABLES_MAX, sizeof *out->tables);
    if (!out->tables) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    PTN_TRY(ptn_store_open(&out->store, &(ptn_store_options){.temp_directory = "/tmp"}, problem));
    PTN_TRY(ptn_draft_inputs(options, out, problem));
    PTN_TRY(place_project(out, options, problem));
    for (unsigned i = 0; i < out->table_count; i++) {
        ptn_draft_table *t = &out->tables[i];
        if (on_look)
            on_look(t);
        status = ptn_draft_looks(out->store, t, problem);
        if (status != PATRON_OK && (strcmp(problem->code, "E402") == 0 || out->table_count == 1)) {
            status = strcmp(problem->code, "E402") == 0 ? status : cannot_read(t, problem);
            goto done;
        }
        if (status != PATRON_OK) {
            leave_out(t, problem->why);
            status = PATRON_OK;
            continue;
        }
        if (t->rows == 0) {
            leave_out(t, t->column_count ? "it has column names and no rows" : "it has no rows");
            continue;
        }
        ptn_draft_forms(t, options->dates);
        t->stream = stream_of(t, options, out->table_count == 1);
        if (!t->stream)
            leave_out(t, ptn_draft_lacks(t, why, sizeof why));
        else if (strcmp(t->stream, "ledger") == 0) {
            /* the views looked_from and looked_at are this table's now */
            status = ptn_draft_ledger(out, t, options, problem);
            if (status != PATRON_OK && (strcmp(problem->code, "E521") != 0 || out->table_count == 1))
                goto done;
            if (status != PATRON_OK)
                leave_out(t, strstr(problem->what, ": ") ? strstr(problem->what, ": ") + 2 : problem->what);
            status = PATRON_OK;
        }
        streams += t->stream != NULL;
    }
    if (streams == 0) {
        ptn_problem_set(problem, PATRON_EDATA, "E521", "nothing here makes a project");
        ptn_problem_where(problem, "%s", out->tables[0].label);
        ptn_problem_why(problem, "%s", out->tables[0].why_not);
        ptn_problem_fix(problem, "give a file in which a row says who, when and how much");
        status = PATRON_EDATA;
        goto done;
    }
    PTN_TRY(draft_others(out, options, problem));
    if (options->currency)
        snprintf(out->currency, sizeof out->currency, "%s", options->currency);
    else
        ptn_draft_currency(out);
    for (unsigned i = 0; i < out->table_count; i++) {
        ptn_draft_table *t = &out->tables[i];
        if (!t->stream)
            continue;
        PTN_TRY(ptn_draft_select(out, t, problem));
        PTN_TRY(ptn_draft_counts_fill(out, t, problem));
    }
    clock_gettime(CLOCK_MONOTONIC, &after);
    out->seconds = (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9;

done:
    return status;
}

static void free_table(ptn_draft_table *t)
{
    for (unsigned i = 0; i < t->column_count; i++) {
        free(t->columns[i].name);
        free(t->columns[i].type);
    }
    for (unsigned i = 0; i < t->file_count; i++)
        free(t->files[i]);
    for (unsigned i = 0; i < t->part_count; i++) {
        free(t->parts[i].sql);
        free(t->parts[i].note);
    }
    free(t->columns);
    free(t->files);
    free(t->label);
    free(t->stem);
    free(t->pattern);
    free(t->table);
    free(t->filter);
    free(t->filter_note);
    free(t->sql);
    free(t->sql_anywhere);
}

void ptn_draft_free(ptn_draft *draft)
{
    for (unsigned i = 0; draft->tables && i < draft->table_count; i++)
        free_table(&draft->tables[i]);
    free(draft->tables);
    free(draft->name);
    free(draft->dir);
    free(draft->shown_dir);
    free(draft->database);
    free(draft->database_type);
    if (draft->dsn)
        explicit_bzero(draft->dsn, strlen(draft->dsn));
    free(draft->dsn);
    ptn_store_close(draft->store);
    *draft = (ptn_draft){0};
}
