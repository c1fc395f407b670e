/* When a row happened: which column says so, and whether its days come before its months. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draft_columns.h"
#include "draft_ledger.h"
#include "draft_looks.h"
#include "draft_names.h"
#include "steps.h"

bool ptn_draft_is_moment(const ptn_draft_column *c)
{
    return c->moment != PTN_MOMENT_NONE && c->moment < PTN_MOMENT_SECONDS && c->looks.compact == 0;
}

double ptn_draft_moment_score(const ptn_draft_table *t, unsigned i)
{
    const ptn_draft_column *c = &t->columns[i];
    if (c->moment == PTN_MOMENT_NONE || c->filled == 0)
        return -10;
    const int hint = ptn_draft_hint(c->name, PTN_HINT_MOMENT);
    const bool number = c->moment >= PTN_MOMENT_SECONDS || strchr(c->format, 'Y') == NULL;
    double score = hint + 2 * ptn_share(c->filled, (double)t->rows) + (c->different > 1);
    if (c->looks.compact > 0 && hint < 1) /* a number that happens to look like a day */
        score -= 4;
    if (number && c->moment != PTN_MOMENT_TYPED && c->moment != PTN_MOMENT_ISO && hint < 1)
        score -= 2;
    if (ptn_draft_hint(c->name, PTN_HINT_BIRTH_DATE) > 0)
        score -= 6;
    return score;
}

/* Which of the two readings keeps the file in order, or out of the future? */
static patron_status read_both_ways(ptn_draft *draft, ptn_draft_table *t, unsigned column, ptn_problem *problem)
{
    static const char *const options[] = {"dmy", "mdy"};
    ptn_draft_column *c = &t->columns[column];
    ptn_text sql = {0};
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    int decided = -1;
    ptn_text_add(&sql, "CREATE OR REPLACE TEMP VIEW read_both AS SELECT ");
    for (int way = 0; way < 2; way++) {
        c->moment = PTN_MOMENT_NONE;
        ptn_draft_moment_set(t, column, options[way], true);
        char x[16];
        snprintf(x, sizeof x, "c%u", column);
        ptn_draft_moment_sql(c, x, true, &sql);
        ptn_text_addf(&sql, " AS %s", way ? "month_first FROM looked_from LIMIT 200000" : "day_first, ");
    }
    PTN_TRY(ptn_store_run(draft->store, ptn_text_str(&sql), problem));
    PTN_TRY(ptn_step_run(draft->store, "new", "both_ways", NULL, problem));
    PTN_TRY(ptn_store_query(draft->store, "SELECT day_first_back, month_first_back, day_first_on, month_first_on, day_first_to_come,"
                                          " month_first_to_come FROM both_ways", &rows, problem));
    if (ptn_rows_next(rows)) {
        double v[6];
        for (unsigned i = 0; i < 6; i++)
            v[i] = (double)ptn_rows_int(rows, i);
        /* up or down all the way in one reading, and to and fro in the other */
        const double back[2] = {v[0] < v[2] ? v[0] : v[2], v[1] < v[3] ? v[1] : v[3]};
        const double steps = v[0] + v[2];
        for (int way = 0; way < 2 && decided < 0; way++)
            if (v[4 + way] == 0 && v[5 - way] > 0) {
                decided = way;
                snprintf(c->order_why, sizeof c->order_why, "%s: the other way, some would be in the future", way ? "month/day/year" : "day/month/year");
            }
        for (int way = 0; way < 2 && decided < 0; way++)
            if (steps >= 4 && back[way] <= 0.02 * steps && back[1 - way] >= 0.05 * steps && back[1 - way] >= back[way] + 2) {
                decided = way;
                snprintf(c->order_why, sizeof c->order_why, "%s: so read, the rows stand in order", way ? "month/day/year" : "day/month/year");
            }
    }
    if (decided < 0) {
        char shown[100];
        ptn_problem_set(problem, PATRON_EDATA, "E522", "%s can be read as day/month and as month/day", ptn_draft_shown(c, shown, sizeof shown));
        ptn_problem_where(problem, "%s, such as %s", t->label, c->looks.common);
        ptn_problem_why(problem, "no value of it has a day above 12, and nothing else tells: not guessed");
        ptn_problem_fix(problem, "--dates dmy (day first) or --dates mdy (month first)");
        status = PATRON_EDATA;
        goto done;
    }
    char why[sizeof c->order_why];
    snprintf(why, sizeof why, "%s", c->order_why);
    ptn_draft_moment_set(t, column, options[decided], true);
    snprintf(c->order_why, sizeof c->order_why, "%s", why);

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

patron_status ptn_draft_choose_moment(ptn_draft *draft, ptn_draft_table *t, const ptn_draft_options *options, int *moment, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    double lead = 9;
    int second = -1, at;
    char shown[100], other[100];
    PTN_TRY(ptn_draft_named(draft, t, "--occurred-at", options->occurred_at, &at, problem));
    const bool said = at >= 0;
    if (!said)
        at = ptn_draft_best(t, ptn_draft_moment_score, &lead, &second);
    if (at < 0 && t->kind == PTN_DRAFT_CSV && t->column_count == 1 && t->columns[0].looks.blanks > 0.9 * t->columns[0].looks.seen) {
        status = ptn_draft_no_part(t, "occurred_at", "there is one column: what stands in it is apart by blanks", "put commas there: sed 's/^ *//; s/  */,/g' FILE > FILE.csv",
                         problem);
        goto done;
    }
    if (at < 0) {
        status = ptn_draft_no_part(t, "occurred_at", "no column has dates in nine of ten rows", "--occurred-at COLUMN, or mend the dates in the file", problem);
        goto done;
    }
    ptn_draft_column *c = &t->columns[at];
    if (said && c->moment == PTN_MOMENT_NONE)
        ptn_draft_moment_set(t, (unsigned)at, options->dates, true);
    if (c->moment == PTN_MOMENT_NONE) {
        ptn_problem_set(problem, PATRON_EDATA, "E521", "%s does not read as a date", ptn_draft_shown(c, shown, sizeof shown));
        ptn_problem_where(problem, "%s, such as \"%s\"", t->label, c->looks.common);
        ptn_problem_fix(problem, "name another column, or write the SELECT by hand: docs/getting-started.md");
        status = PATRON_EDATA;
        goto done;
    }
    if ((c->moment == PTN_MOMENT_FORMAT || c->moment == PTN_MOMENT_MIXED) && c->order == PTN_DAYS_EITHER)
        PTN_TRY(read_both_ways(draft, t, (unsigned)at, problem));
    ptn_text sql = {0};
    char *x = ptn_draft_column_text(t, (unsigned)at);
    const bool special = c->moment >= PTN_MOMENT_FORMAT;
    t->text_only |= special && t->kind == PTN_DRAFT_CSV;
    ptn_draft_moment_sql(c, x ? x : "", false, &sql);
    free(x);
    ptn_draft_part_add(t, "occurred_at", sql.data, c->order_why[0] ? strdup(c->order_why) : NULL);
    t->used[at] = true;
    *moment = at;
    const bool doubt = !said && second >= 0 && lead < 1;
    const char *zone = c->moment == PTN_MOMENT_SECONDS || c->moment == PTN_MOMENT_MILLISECONDS ? "counted from 1970, UTC"
                       : c->looks.zoned > 0 || strcmp(c->type, "TIMESTAMP WITH TIME ZONE") == 0 ? "taken to UTC"
                       : strchr(c->looks.common, ':') ? "no time zone: taken as local" : "days, without a time";
    ptn_draft_say(t, "occurred_at", ptn_draft_shown(c, shown, sizeof shown), doubt || (c->order_why[0] && c->looks.first_over + c->looks.second_over == 0) ? PTN_SURE_LOOK : PTN_SURE_YES,
                  "%s; %s%s%s", said ? "as you said" : "every row parses", c->order_why[0] ? c->order_why : zone, doubt ? "; or " : "",
                  doubt ? ptn_draft_shown(&t->columns[second], other, sizeof other) : "");

done:
    return status;
}
