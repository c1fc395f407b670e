/* patron reconcile: finance's figure beside the ledger's. */
#include "reconcile.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "locale.h"
#include "paint.h"
#include "paint_table.h"
#include "project.h"
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

enum { GROUP = 12, AMOUNT = 16, PARTS = 5 };

/* What became of the money; or, beside finance's figure, how far apart the two are. Below 100 columns either way. */
static void print_line(const ptn_reconcile_line *line, bool compared)
{
    const char *parts[PARTS] = {line->amount_in, line->attributed, line->unattributed, line->quarantined, line->set_aside};
    const char *sides[] = {line->amount_in, line->theirs, line->difference};
    char amount[64];
    ptn_text text = {0};
    paint_left(&text, line->group, GROUP);
    for (unsigned i = 0; i < (compared ? 3 : PARTS); i++)
        paint_right(&text, paint_amount(compared ? sides[i] : parts[i], amount, sizeof amount), i || compared ? AMOUNT : AMOUNT + 1);
    if (compared && line->difference[0])
        ptn_text_addf(&text, " %s", paint_mark_text(stdout, ties(line) ? MARK_OK : MARK_FAIL));
    paint_line(stdout, &text);
    ptn_text_free(&text);
}

static void print_head(const char *currency, bool compared)
{
    static const char *const parts[PARTS] = {"in the sources", "attributed", "no customer", "quarantined", "set aside"};
    static const char *const sides[] = {"in the sources", "finance", "difference"};
    ptn_text text = {0};
    paint_left(&text, currency, GROUP);
    for (unsigned i = 0; i < (compared ? 3 : PARTS); i++)
        paint_right(&text, compared ? sides[i] : parts[i], i || compared ? AMOUNT : AMOUNT + 1);
    paint_line(stdout, &text);
    ptn_text_free(&text);
}

static bool print_people(const ptn_reconciliation *r)
{
    char a[64], b[64];
    const bool compared = (r->line_count && r->lines[0].difference[0]) || r->total.difference[0];
    bool all = ties(&r->total);
    print_head(r->currency, compared);
    for (unsigned i = 0; i < r->line_count; i++) {
        print_line(&r->lines[i], compared);
        all &= ties(&r->lines[i]);
    }
    print_line(&r->total, compared);
    if (!compared)
        return all;
    printf(" = attributed %s", paint_amount(r->total.attributed, a, sizeof a));
    printf(" + no customer %s", paint_amount(r->total.unattributed, a, sizeof a));
    printf(" + quarantined %s", paint_amount(r->total.quarantined, a, sizeof a));
    printf(" + set aside %s\n", paint_amount(r->total.set_aside, a, sizeof a));
    if (ties(&r->total))
        printf("%s the total ties\n", paint_mark_text(stdout, MARK_OK));
    else
        printf("%s the sources have %s %s; finance has %s\n", paint_mark_text(stdout, MARK_FAIL),
               paint_amount(r->total.amount_in, a, sizeof a), r->currency, paint_amount(r->total.theirs, b, sizeof b));
    if (!ties(&r->total) && r->hint[0])
        printf("  the difference is exactly %s\n", r->hint);
    return all;
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
    ptn_project project = {0};
    ptn_store *store = NULL;
    ptn_currency currencies[PTN_CURRENCIES_MAX];
    unsigned count = 0;
    question q = {0};
    char *path = NULL, *file = NULL;
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
    patron_status status = ptn_project_find(given.rest[0], &project, &problem);
    locale_use(project.config.locale);
    if (status == PATRON_OK)
        status = ptn_project_published(&project, &path, &problem);
    if (status == PATRON_OK)
        status = ptn_store_open(&store, &(ptn_store_options){.path = path, .read_only = true}, &problem);
    if (status == PATRON_OK)
        code = choose_currencies(store, project.config.currency, &q, currencies, &count, &problem);
    if (code == EXIT_FINE)
        code = answer(store, currencies, count, &q, &problem);
    if (problem.code[0])
        paint_problem(&problem);
    ptn_store_close(store);
    ptn_project_close(&project);
    free(path);
    free(file);
    return code;
}
