/* What is worth knowing about a draft, and its files. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "draft.h"
#include "draft_columns.h"
#include "draft_names.h"
#include "draft_scan.h"
#include "text.h"

/* ---- notes ---- */

/* "1 row has", "37 rows have". */
static const char *rows(int64_t count, const char *one, const char *many, char *out, size_t size)
{
    char number[32];
    snprintf(out, size, "%s %s %s", ptn_draft_count_text((double)count, number, sizeof number), count == 1 ? "row" : "rows", count == 1 ? one : many);
    return out;
}

static const char *money_text(const ptn_draft *draft, const ptn_draft_counts *n, const char *money, char *out, size_t size)
{
    out[0] = '\0';
    if (n->currencies <= 1 && money[0])
        snprintf(out, size, " (%s %s)", draft->currency, money);
    return out;
}

/* Rows in other currencies than the project's, and whether there are rates for them. */
static patron_status note_currencies(ptn_draft *draft, ptn_draft_table *t, int64_t *others, ptn_problem *problem)
{
    bool rates = false;
    char a[64];
    ptn_text sql = {0};
    patron_status status = PATRON_OK;
    *others = 0;
    for (unsigned i = 0; i < draft->table_count; i++)
        rates |= draft->tables[i].stream && strcmp(draft->tables[i].stream, "rates") == 0;
    if (t->counts.currencies == 0 || rates)
        return PATRON_OK;
    ptn_text_addf(&sql, "SELECT count(*) FROM counted WHERE fault IS NULL AND currency <> '%s'", draft->currency);
    PTN_TRY(ptn_store_int(draft->store, ptn_text_str(&sql), others, problem));
    if (*others)
        ptn_draft_note_add(draft, "%s in another currency than %s: without a rate, to quarantine. Add a source of stream rates: patron help streams rates",
                           rows(*others, "is", "are", a, sizeof a), draft->currency);

done:
    ptn_text_free(&sql);
    return status;
}

static patron_status note_ledger(ptn_draft *draft, ptn_draft_table *t, ptn_problem *problem)
{
    const ptn_draft_counts *n = &t->counts;
    char a[64], m[80], shown[100];
    int64_t others = 0;
    if (n->nobody)
        ptn_draft_note_add(draft, "%s no customer: counted and valued as \"no customer\", not forecast", rows(n->nobody, "names", "name", a, sizeof a));
    if (n->repeated)
        ptn_draft_note_add(draft, "%s another exactly%s: kept. To drop: duplicates: drop", rows(n->repeated, "repeats", "repeat", a, sizeof a),
                           money_text(draft, n, n->repeated_money, m, sizeof m));
    if (n->in_two_files)
        ptn_draft_note_add(draft, "%s in two files or more%s: counted once, the copies are set aside", rows(n->in_two_files, "stands", "stand", a, sizeof a),
                           money_text(draft, n, n->in_two_files_money, m, sizeof m));
    if (n->no_date)
        ptn_draft_note_add(draft, "%s no date that can be read%s%s%s: to quarantine. To mend: occurred_at in sources/%s.sql",
                           rows(n->no_date, "has", "have", a, sizeof a), n->date_such_as[0] ? ", such as \"" : "", n->date_such_as,
                           n->date_such_as[0] ? "\"" : "", t->source);
    if (n->no_amount)
        ptn_draft_note_add(draft, "%s no amount that can be read%s%s%s: to quarantine. To mend: amount in sources/%s.sql",
                           rows(n->no_amount, "has", "have", a, sizeof a), n->amount_such_as[0] ? ", such as \"" : "", n->amount_such_as,
                           n->amount_such_as[0] ? "\"" : "", t->source);
    if (n->off_sign)
        ptn_draft_note_add(draft, "%s a quantity and an amount of different sign: to quarantine. To mend: quantity in sources/%s.sql",
                           rows(n->off_sign, "has", "have", a, sizeof a), t->source);
    if (n->ahead)
        ptn_draft_note_add(draft, "%s in the future or before 1900: to quarantine. To mend: occurred_at in sources/%s.sql (day and month, or the century?)",
                           rows(n->ahead, "lies", "lie", a, sizeof a), t->source);
    const patron_status status = note_currencies(draft, t, &others, problem);
    const double faults = (double)(n->no_date + n->no_amount + n->off_sign + n->ahead + others);
    t->cannot_build = faults > 20 && faults > 0.01 * (double)n->rows;
    draft->cannot_build |= t->cannot_build;
    for (unsigned i = 0; i < t->column_count; i++)
        if (!t->used[i] && t->columns[i].number != PTN_NUMBER_NONE && ptn_draft_hint(t->columns[i].name, PTN_HINT_COST) >= 2 && !draft->has_costs) {
            draft->has_costs = true;
            ptn_draft_note_add(draft, "%s looks like a cost, and is not used: values will be sales after returns. To take it: the rows of kind goods in"
                                      " docs/streams.md", ptn_draft_shown(&t->columns[i], shown, sizeof shown));
        }
    return status;
}

static void note_table(ptn_draft *draft, const ptn_draft_table *t)
{
    char shown[100];
    unsigned empty = 0, known = 0;
    const char *doubled = NULL;
    for (unsigned i = 0; i < t->column_count; i++) {
        empty += t->columns[i].filled == 0;
        const char *name = t->columns[i].name;
        const size_t n = strlen(name);
        for (unsigned k = 0; k < i && n > 2 && !doubled; k++) /* DuckDB calls the second of two alike name_1 */
            if (strncasecmp(t->columns[k].name, name, n - 2) == 0 && strlen(t->columns[k].name) == n - 2 && strcmp(name + n - 2, "_1") == 0)
                doubled = name;
        for (int h = 0; h < PTN_HINTS; h++)
            if (ptn_draft_hint(t->columns[i].name, (ptn_hint)h) >= 2) {
                known++;
                break;
            }
    }
    if (t->kind == PTN_DRAFT_CSV && !t->header)
        ptn_draft_note_add(draft, "%s has no line of column names: they are called column0, column1, ... Look at each in sources/%s.sql", t->label, t->source);
    else if (t->kind == PTN_DRAFT_CSV && !known)
        ptn_draft_note_add(draft, "the first line of %s is taken for column names, %s and so on: if it is data, add header = false", t->label,
                           ptn_draft_shown(&t->columns[0], shown, sizeof shown));
    if (t->ragged)
        ptn_draft_note_add(draft, "lines of %s have different numbers of fields: short ones are filled up with nothing", t->label);
    if (doubled)
        ptn_draft_note_add(draft, "%s has two columns of the same name: the second is called %s", t->label, doubled);
    if (empty)
        ptn_draft_note_add(draft, "%u column%s of %s %s empty: left out", empty, empty == 1 ? "" : "s", t->label, empty == 1 ? "is" : "are");
    if (t->columns_left_out)
        ptn_draft_note_add(draft, "%s has %u columns: only the first %d were looked at", t->label, t->column_count + t->columns_left_out, PTN_DRAFT_COLUMNS_MAX);
}

/* What is left out for the same reason stands in one note. Of several the folder is not said again. */
static void note_left_out(ptn_draft *draft, unsigned first)
{
    const ptn_draft_table *t = &draft->tables[first];
    ptn_text names = {0};
    unsigned count = 0;
    for (unsigned i = 0; i < draft->table_count; i++) {
        const ptn_draft_table *other = &draft->tables[i];
        if (other->stream || strcmp(other->why_not, t->why_not) != 0)
            continue;
        if (i < first)
            goto done; /* said with that one */
        const char *base = strrchr(other->label, '/');
        ptn_text_addf(&names, "%s%s", count ? ", " : "", base ? base + 1 : other->label);
        count++;
    }
    if (count == 1)
        ptn_draft_note_add(draft, "%s is left out: %s", t->label, t->why_not);
    else
        ptn_draft_note_add(draft, "%u are left out: %s: %s", count, t->why_not, ptn_text_str(&names));

done:
    ptn_text_free(&names);
}

patron_status ptn_draft_notes(ptn_draft *draft, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    bool ledger = false;
    for (unsigned i = 0; i < draft->table_count && status == PATRON_OK; i++) {
        ptn_draft_table *t = &draft->tables[i];
        if (t->stream && strcmp(t->stream, "ledger") == 0) {
            ledger = true;
            status = note_ledger(draft, t, problem);
        }
        if (t->stream)
            note_table(draft, t);
        else
            note_left_out(draft, i);
    }
    if (!ledger)
        ptn_draft_note_add(draft, "no money was seen: people are read and matched, and nobody has a value. Add a source of stream ledger");
    else if (!draft->has_costs)
        ptn_draft_note_add(draft, "no costs: values will be sales after returns, not profit. Add margin: 0.38, or a costs source");
    return status;
}

/* ---- files ---- */

static void add_yaml_text(ptn_text *yaml, const char *text)
{
    ptn_text_add(yaml, "\"");
    for (const char *at = text; *at; at++) {
        if (*at == '"' || *at == '\\')
            ptn_text_add(yaml, "\\");
        ptn_text_addn(yaml, at, 1);
    }
    ptn_text_add(yaml, "\"");
}

static bool plain_word(const char *text)
{
    static const char *const others[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
    const size_t length = strlen(text);
    bool letter = false;
    for (size_t i = 0; i < length; i++)
        letter |= (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z');
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
        if (strcasecmp(text, others[i]) == 0)
            return false;
    return letter && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == length && !(text[0] >= '0' && text[0] <= '9');
}

static void write_yaml(const ptn_draft *draft, ptn_text *yaml)
{
    bool ledger = false;
    for (unsigned i = 0; i < draft->table_count; i++)
        ledger |= draft->tables[i].stream && strcmp(draft->tables[i].stream, "ledger") == 0;
    ptn_text_add(yaml, "# Drafted by patron new; change what is wrong. All keys: docs/getting-started.md\nname: ");
    if (plain_word(draft->name))
        ptn_text_add(yaml, draft->name);
    else
        add_yaml_text(yaml, draft->name);
    ptn_text_addf(yaml, "\ncurrency: %s            # all money is told in it\n", draft->currency);
    ptn_text_add(yaml, "horizons: [90d, 1y]      # how far ahead\n"
                       "discount_rate: 0.10      # a year\n");
    if (ledger)
        ptn_text_add(yaml, "duplicates: keep         # drop: rows that repeat another of their file count once\n"
                           "quarantine_limit: 1%     # of a source's rows or money that cannot be used; past it nothing is published\n"
                           "# margin: 0.38           # profit in sales, where there are no costs; all it touches is marked assumed\n"
                           "# as_of: 2011-12-09      # the day taken for today; when absent, the last day of the ledger\n");
    if (!draft->database)
        return;
    ptn_text_addf(yaml, "attach:                  # read-only\n  - {name: %s, type: %s, dsn: ", draft->database, draft->database_type);
    if (draft->dsn_secret)
        ptn_text_add(yaml, "\"${PATRON_DSN}\"");
    else {
        ptn_text file = {0};
        ptn_draft_add_path(draft->dsn, draft->dir, &file);
        add_yaml_text(yaml, ptn_text_str(&file));
        ptn_text_free(&file);
    }
    ptn_text_add(yaml, "}\n");
}

static unsigned lines_of(const char *text)
{
    unsigned lines = 0;
    for (const char *at = text; *at; at++)
        lines += *at == '\n';
    return lines;
}

static patron_status cannot(ptn_problem *problem, const char *path)
{
    const int reason = errno;
    ptn_problem_set(problem, PATRON_EIO, reason == EEXIST ? "E524" : "E401", "cannot write the project");
    ptn_problem_where(problem, "%s", path);
    ptn_problem_why(problem, "%s", strerror(reason));
    ptn_problem_fix(problem, reason == ENOSPC || reason == EDQUOT ? "free some space" : "another folder: --out DIR");
    return PATRON_EIO;
}

static patron_status make_folders(const char *path, ptn_problem *problem)
{
    char part[PATH_MAX];
    snprintf(part, sizeof part, "%s", path);
    for (char *at = part + 1;; at++)
        if (*at == '/' || *at == '\0') {
            const char kept = *at;
            *at = '\0';
            if (mkdir(part, 0777) != 0 && errno != EEXIST)
                return cannot(problem, part);
            *at = kept;
            if (!kept)
                return PATRON_OK;
        }
}

/* A new file, whole or not at all. */
static patron_status write_file(const char *path, const char *text, ptn_problem *problem)
{
    const size_t length = strlen(text);
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0)
        return cannot(problem, path);
    size_t done = 0;
    while (done < length) {
        const ssize_t n = write(file, text + done, length - done);
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    const bool fine = done == length;
    const int reason = errno;
    close(file);
    if (fine)
        return PATRON_OK;
    unlink(path);
    errno = reason;
    return cannot(problem, path);
}

patron_status ptn_draft_write(ptn_draft *draft, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char path[PATH_MAX];
    unsigned written = 0;
    bool yaml_written = false;
    const bool was_there = access(draft->dir, F_OK) == 0;
    ptn_text yaml = {0};
    write_yaml(draft, &yaml);
    draft->yaml_lines = lines_of(ptn_text_str(&yaml));
    snprintf(path, sizeof path, "%s/sources", draft->dir);
    PTN_TRY(make_folders(path, problem));
    for (; written < draft->table_count; written++) {
        if (!draft->tables[written].stream)
            continue;
        snprintf(path, sizeof path, "%s/sources/%s.sql", draft->dir, draft->tables[written].source);
        PTN_TRY(write_file(path, draft->tables[written].sql, problem));
    }
    snprintf(path, sizeof path, "%s/patron.yaml", draft->dir); /* last: with it, it is a project */
    PTN_TRY(write_file(path, ptn_text_str(&yaml), problem));
    yaml_written = true;

done:
    if (!yaml_written) { /* take back what was written, and the folders that were made */
        while (written > 0) {
            written--;
            snprintf(path, sizeof path, "%s/sources/%s.sql", draft->dir, draft->tables[written].source);
            if (draft->tables[written].stream)
                unlink(path);
        }
        snprintf(path, sizeof path, "%s/sources", draft->dir);
        rmdir(path);
        if (!was_there)
            rmdir(draft->dir);
    }
    ptn_text_free(&yaml);
    return status;
}
