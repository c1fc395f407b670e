/* patron reconcile: finance's figure beside the ledger's. */
#include "reconcile.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "locale.h"
#include "paint.h"
#include "paint_table.h"
#include "published.h"
#include "verb.h"

static ptn_reconcile_by parse_by(const char *word)
{
    static const char *const words[] = {"", "year", "month", "day", "kind", "source", "channel"};
    unsigned by = PTN_BY_NOTHING;
    for (unsigned i = 1; word && i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i]) == 0)
            by = i;
    return (ptn_reconcile_by)by;
}

static bool ties(const ptn_reconcile_line *line)
{
    return line->difference[0] == '\0' || strspn(line->difference, "-0.") == strlen(line->difference);
}

enum { PARTS = 5, SIDES = 3, GAP = 2 };

/* What became of the money; or, beside finance's figure, how far apart the two are. */
typedef struct table {
    bool compared;
    unsigned columns;
    int group, width[PARTS]; /* as wide as what stands in them */
} table;

static const char *head_of(const table *t, unsigned column)
{
    static const char *const parts[PARTS] = {"in the sources", "attributed", "no customer", "quarantined", "set aside"};
    static const char *const sides[SIDES] = {"in the sources", "finance", "difference"};
    return t->compared ? sides[column] : parts[column];
}

static const char *amount_of(const table *t, const ptn_reconcile_line *line, unsigned column, char *out, size_t size)
{
    const char *parts[PARTS] = {line->amount_in, line->attributed, line->unattributed, line->quarantined, line->set_aside};
    const char *sides[SIDES] = {line->amount_in, line->theirs, line->difference};
    return paint_amount(t->compared ? sides[column] : parts[column], out, size);
}

static int wider(int width, const char *text)
{
    return paint_width(text) > width ? paint_width(text) : width;
}

static void fit(table *t, const ptn_reconcile_line *line)
{
    char amount[64];
    t->group = wider(t->group, line->group);
    for (unsigned i = 0; i < t->columns; i++)
        t->width[i] = wider(t->width[i], amount_of(t, line, i, amount, sizeof amount));
}

static void print_line(const table *t, const ptn_reconcile_line *line)
{
    char amount[64];
    ptn_text text = {0};
    paint_left(&text, line->group, t->group);
    for (unsigned i = 0; i < t->columns; i++)
        paint_right(&text, amount_of(t, line, i, amount, sizeof amount), GAP + t->width[i]);
    if (t->compared && line->difference[0])
        ptn_text_addf(&text, " %s", paint_mark_text(stdout, ties(line) ? MARK_OK : MARK_FAIL));
    paint_line(stdout, &text);
    ptn_text_free(&text);
}

static bool print_table(const ptn_reconciliation *r, bool compared)
{
    table t = {.compared = compared, .columns = compared ? SIDES : PARTS, .group = paint_width(r->currency)};
    bool all = ties(&r->total);
    for (unsigned i = 0; i < t.columns; i++)
        t.width[i] = paint_width(head_of(&t, i));
    for (unsigned i = 0; i < r->line_count; i++)
        fit(&t, &r->lines[i]);
    fit(&t, &r->total);

    ptn_text text = {0};
    paint_left(&text, r->currency, t.group);
    for (unsigned i = 0; i < t.columns; i++)
        paint_right(&text, head_of(&t, i), GAP + t.width[i]);
    paint_line(stdout, &text);
    ptn_text_free(&text);
    for (unsigned i = 0; i < r->line_count; i++) {
        print_line(&t, &r->lines[i]);
        all &= ties(&r->lines[i]);
    }
    print_line(&t, &r->total);
    return all;
}

/* Where the money of the total stands. */
static void print_parts(const ptn_reconcile_line *total)
{
    char amount[64];
    ptn_text text = {0};
    paint_command(&text, "attributed %s", paint_amount(total->attributed, amount, sizeof amount));
    ptn_text_add(&text, " ");
    paint_command(&text, "+ no customer %s", paint_amount(total->unattributed, amount, sizeof amount));
    ptn_text_add(&text, " ");
    paint_command(&text, "+ quarantined %s", paint_amount(total->quarantined, amount, sizeof amount));
    ptn_text_add(&text, " ");
    paint_command(&text, "+ set aside %s", paint_amount(total->set_aside, amount, sizeof amount));
    paint_paragraph(stdout, " =", 3, ptn_text_str(&text));
    ptn_text_free(&text);
}

static bool print_people(const ptn_reconciliation *r)
{
    char a[64], b[64];
    const bool compared = (r->line_count && r->lines[0].difference[0]) || r->total.difference[0];
    const bool all = print_table(r, compared);
    if (!compared)
        return all;
    print_parts(&r->total);
    if (ties(&r->total))
        printf("%s the total ties\n", paint_mark_text(stdout, MARK_OK));
    else
        printf("%s the sources have %s %s; finance has %s\n", paint_mark_text(stdout, MARK_FAIL),
               paint_amount(r->total.amount_in, a, sizeof a), r->currency, paint_amount(r->total.theirs, b, sizeof b));
    if (!ties(&r->total) && r->hint[0])
        printf("  the difference is exactly %s\n", r->hint);
    return all;
}

/* Without a figure of finance's: what the columns say, and how to put one beside them. */
static void print_next(const char *dir)
{
    char words[VERB_DIR_SIZE];
    ptn_text text = {0};
    verb_dir_words(dir, words, sizeof words);
    ptn_text_add(&text, "What is in the sources is attributed to customers, or of no customer, or in quarantine, or set aside as repeated. Beside "
                        "finance's figure: ");
    paint_command(&text, "patron reconcile%s --total AMOUNT", words);
    paint_paragraph(stdout, "", 0, ptn_text_str(&text));
    ptn_text_free(&text);
}

static json_t *line_json(const ptn_reconcile_line *line)
{
    json_t *object = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "group", line->group, "amount_in", line->amount_in, "attributed",
                               line->attributed, "unattributed", line->unattributed, "quarantined", line->quarantined, "set_aside",
                               line->set_aside);
    if (line->theirs[0])
        json_object_set_new(object, "theirs", json_string(line->theirs));
    if (line->difference[0])
        json_object_set_new(object, "difference", json_string(line->difference));
    return object;
}

static json_t *currency_json(const ptn_reconciliation *r, bool *all)
{
    json_t *lines = json_array();
    *all = ties(&r->total);
    for (unsigned i = 0; i < r->line_count; i++) {
        json_array_append_new(lines, line_json(&r->lines[i]));
        *all &= ties(&r->lines[i]);
    }
    return json_pack("{s:s,s:o,s:o}", "currency", r->currency, "total", line_json(&r->total), "lines", lines);
}

typedef struct question {
    ptn_reconcile_by by;
    const char *currency, *total, *against;
    bool json;
} question;

/* The currencies asked for: the one that was named, or all of them. A figure of finance's is in one. */
static int choose_currencies(ptn_store *store, const char *own, const question *q, ptn_currency *chosen, unsigned *count, ptn_problem *problem)
{
    if (ptn_reconcile_currencies(store, own, chosen, count, problem) != PATRON_OK)
        return EXIT_FAILED;
    for (unsigned i = 0; q->currency && i < *count; i++)
        if (strcasecmp(chosen[i].code, q->currency) == 0) {
            chosen[0] = chosen[i];
            *count = 1;
            return EXIT_FINE;
        }
    if (!q->currency && (*count <= 1 || !(q->total || q->against)))
        return EXIT_FINE;
    ptn_problem_set(problem, PATRON_EINVAL, "E508", q->currency ? "no money is in %s" : "in which currency is finance's figure?", q->currency);
    ptn_text have = {0};
    for (unsigned i = 0; i < *count; i++)
        ptn_text_addf(&have, "%s%s", i == 0 ? "" : ", ", chosen[i].code);
    ptn_problem_fix(problem, "--currency, one of %s", ptn_text_str(&have));
    ptn_text_free(&have);
    return EXIT_WRONG_USE;
}

static int answer(ptn_store *store, const ptn_currency *currencies, unsigned count, const question *q, ptn_problem *problem)
{
    bool all = true;
    patron_status status = PATRON_OK;
    json_t *array = json_array();
    for (unsigned i = 0; i < count && status == PATRON_OK; i++) {
        ptn_reconciliation result = {0};
        bool own = false;
        status = ptn_reconcile(store, currencies[i].code, q->by, q->total, q->against, &result, problem);
        if (status == PATRON_OK && q->json)
            json_array_append_new(array, currency_json(&result, &own));
        else if (status == PATRON_OK)
            own = print_people(&result);
        all &= own;
        ptn_reconciliation_free(&result);
    }
    if (status == PATRON_OK && q->json) {
        json_t *object = json_pack("{s:s,s:b,s:O}", "schema", "patron.reconcile/1", "ties", all, "currencies", array);
        json_dumpf(object, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(object);
    }
    json_decref(array);
    if (strcmp(problem->code, "E505") == 0)
        return EXIT_WRONG_USE;
    return status == PATRON_OK && all ? EXIT_FINE : EXIT_FAILED;
}

int run_reconcile(int argc, char **argv)
{
    const verb *self = verb_find("reconcile");
    verb_arguments given;
    ptn_problem problem = {0};
    ptn_published published = {0};
    ptn_currency currencies[PTN_CURRENCIES_MAX];
    unsigned count = 0;
    question q = {0};
    char *file = NULL;
    int code = EXIT_FAILED;
    if (!verb_parse(self, argc, argv, 1, &given))
        return EXIT_WRONG_USE;
    q.by = parse_by(verb_value(self, &given, "--by"));
    q.currency = verb_value(self, &given, "--currency");
    q.total = verb_value(self, &given, "--total");
    q.json = verb_value(self, &given, "--json");
    const char *against = verb_value(self, &given, "--against");
    if (against && q.by == PTN_BY_NOTHING) {
        fprintf(stderr, "patron reconcile: --against needs --by: which groups are in the file?\n");
        return EXIT_WRONG_USE;
    }
    if (against && !(q.against = file = realpath(against, NULL))) {
        fprintf(stderr, "patron reconcile: cannot read %s\n", against);
        return EXIT_WRONG_USE;
    }
    patron_status status = ptn_published_open(given.rest[0], &published, &problem);
    locale_use(published.project.config.locale);
    if (status == PATRON_OK)
        code = choose_currencies(published.store, published.project.config.currency, &q, currencies, &count, &problem);
    if (code == EXIT_FINE)
        code = answer(published.store, currencies, count, &q, &problem);
    if (code == EXIT_FINE && !q.json && !q.total && !q.against)
        print_next(given.rest[0]);
    if (problem.code[0])
        paint_problem(&problem);
    ptn_published_close(&published);
    free(file);
    return code;
}
