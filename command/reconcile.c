/* patron reconcile: finance's figure beside the ledger's. */
#include "reconcile.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "paint.h"
#include "project.h"
#include "verb.h"

static bool parse_by(const char *word, ptn_reconcile_by *by)
{
    static const char *const words[] = {"", "year", "month", "day", "kind", "source", "channel"};
    *by = PTN_BY_NOTHING;
    if (!word)
        return true;
    for (int i = 1; i < 7; i++)
        if (strcmp(word, words[i]) == 0) {
            *by = (ptn_reconcile_by)i;
            return true;
        }
    fprintf(stderr, "patron reconcile: cannot group by \"%s\": year, month, day, kind, source or channel was expected\n", word);
    return false;
}

static bool ties(const ptn_reconcile_line *line)
{
    return line->difference[0] == '\0' || strspn(line->difference, "-0.") == strlen(line->difference);
}

static void print_line(const ptn_reconcile_line *line, bool compared)
{
    char in[64], attributed[64], none[64], quarantined[64], aside[64], theirs[64], difference[64];
    printf("%-12s %18s %18s %16s %14s %14s", line->group, paint_amount(line->amount_in, in, sizeof in),
           paint_amount(line->attributed, attributed, sizeof attributed), paint_amount(line->unattributed, none, sizeof none),
           paint_amount(line->quarantined, quarantined, sizeof quarantined), paint_amount(line->set_aside, aside, sizeof aside));
    if (compared)
        printf(" %18s %16s %s", paint_amount(line->theirs, theirs, sizeof theirs),
               paint_amount(line->difference, difference, sizeof difference),
               line->difference[0] ? paint_mark_text(stdout, ties(line) ? MARK_OK : MARK_FAIL) : "");
    putchar('\n');
}

static bool print_people(const ptn_reconciliation *r)
{
    char a[64], b[64];
    const bool lines_compared = r->line_count && r->lines[0].difference[0];
    const bool compared = lines_compared || r->total.difference[0];
    bool all = ties(&r->total);
    printf("%-12s %18s %18s %16s %14s %14s%s\n", r->currency, "in the sources", "attributed", "no customer", "quarantined",
           "set aside", compared ? "            finance       difference" : "");
    for (unsigned i = 0; i < r->line_count; i++) {
        print_line(&r->lines[i], compared);
        all &= ties(&r->lines[i]);
    }
    print_line(&r->total, compared);
    if (!r->total.difference[0])
        return all;
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

static bool print_json(const ptn_reconciliation *r)
{
    bool all = ties(&r->total);
    json_t *lines = json_array();
    for (unsigned i = 0; i < r->line_count; i++) {
        json_array_append_new(lines, line_json(&r->lines[i]));
        all &= ties(&r->lines[i]);
    }
    json_t *object = json_pack("{s:s,s:s,s:b,s:o,s:o}", "schema", "patron.reconcile/1", "currency", r->currency, "ties", all,
                               "total", line_json(&r->total), "lines", lines);
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
    return all;
}

int run_reconcile(int argc, char **argv)
{
    const verb *self = verb_find("reconcile");
    verb_arguments given;
    ptn_problem problem = {0};
    ptn_project project = {0};
    ptn_store *store = NULL;
    ptn_reconciliation result = {0};
    ptn_reconcile_by by;
    char *path = NULL, *file = NULL;
    bool all = false;
    if (!verb_parse(self, argc, argv, 1, &given) || !parse_by(verb_value(self, &given, "--by"), &by))
        return EXIT_WRONG_USE;
    const char *against = verb_value(self, &given, "--against");
    if (against && by == PTN_BY_NOTHING) {
        fprintf(stderr, "patron reconcile: --against needs --by: which groups are in the file?\n");
        return EXIT_WRONG_USE;
    }
    if (against && !(file = realpath(against, NULL))) {
        fprintf(stderr, "patron reconcile: cannot read %s\n", against);
        return EXIT_WRONG_USE;
    }
    patron_status status = ptn_project_find(given.rest[0], &project, &problem);
    if (status == PATRON_OK)
        status = ptn_project_published(&project, &path, &problem);
    if (status == PATRON_OK)
        status = ptn_store_open(&store, &(ptn_store_options){.path = path, .read_only = true}, &problem);
    if (status == PATRON_OK)
        status = ptn_reconcile(store, by, verb_value(self, &given, "--total"), file, &result, &problem);
    if (status != PATRON_OK)
        paint_problem(&problem);
    else
        all = verb_value(self, &given, "--json") ? print_json(&result) : print_people(&result);
    ptn_reconciliation_free(&result);
    ptn_store_close(store);
    ptn_project_close(&project);
    free(path);
    free(file);
    if (strcmp(problem.code, "E505") == 0)
        return EXIT_WRONG_USE;
    return status == PATRON_OK && all ? EXIT_FINE : EXIT_FAILED;
}
