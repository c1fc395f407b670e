/* Customer, moment, order, product, currency and channel of a ledger; amounts are in draft_amount.c. */
#include "draft_ledger.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "draft_looks.h"
#include "draft_names.h"
#include "steps.h"

static const double WELL_ABOVE = 1.5; /* a lead that leaves no doubt */

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

bool ptn_draft_is_whole(const ptn_draft_column *c)
{
    return ptn_draft_type_is_number(c->type) ? strstr(c->type, "INT") || share(c->looks.whole, c->looks.seen) >= 1
                                             : share(c->looks.whole, c->looks.seen) > 0.98;
}

/* ---- columns as words ---- */

int ptn_draft_column_at(const ptn_draft_table *t, const char *name)
{
    for (unsigned i = 0; i < t->column_count; i++)
        if (strcmp(t->columns[i].name, name) == 0)
            return (int)i;
    for (unsigned i = 0; i < t->column_count; i++)
        if (strcasecmp(t->columns[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* Words that DuckDB does not take for a column unless they are quoted. */
static bool is_keyword(const char *name)
{
    static const char *const words[] = {
        "all", "analyse", "analyze", "and", "anti", "any", "array", "as", "asc", "asof", "asymmetric", "authorization", "binary", "both",
        "case", "cast", "check", "collate", "collation", "column", "concurrently", "constraint", "create", "cross", "default",
        "deferrable", "desc", "describe", "distinct", "do", "else", "end", "except", "false", "fetch", "for", "foreign", "freeze", "from",
        "full", "generated", "glob", "grant", "group", "having", "ilike", "in", "initially", "inner", "intersect", "into", "is", "isnull",
        "join", "lambda", "lateral", "leading", "left", "like", "limit", "map", "natural", "not", "notnull", "null", "offset", "on",
        "only", "or", "order", "outer", "overlaps", "pivot", "pivot_longer", "pivot_wider", "placing", "positional", "primary",
        "qualify", "references", "returning", "right", "select", "semi", "show", "similar", "some", "struct", "summarize", "symmetric",
        "table", "tablesample", "then", "to", "trailing", "true", "try_cast", "union", "unique", "unpivot", "using", "variadic",
        "verbose", "when", "where", "window", "with", "at", "values", "row"};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(words[i], name) == 0)
            return true;
    return false;
}

void ptn_draft_add_name(const char *name, ptn_text *sql)
{
    bool plain = isalpha((unsigned char)name[0]) || name[0] == '_';
    for (const char *at = name; *at; at++)
        plain &= (isalnum((unsigned char)*at) && (unsigned char)*at < 0x80) || *at == '_';
    if (plain && !is_keyword(name))
        ptn_text_add(sql, name);
    else
        ptn_text_add_ident(sql, name);
}

void ptn_draft_column_sql(const ptn_draft_table *t, unsigned column, ptn_text *sql)
{
    ptn_draft_add_name(t->columns[column].name, sql);
}

char *ptn_draft_column_text(const ptn_draft_table *t, unsigned column)
{
    ptn_text text = {0};
    ptn_draft_column_sql(t, column, &text);
    return text.data;
}

const char *ptn_draft_shown(const ptn_draft_column *c, char *out, size_t size)
{
    char name[80];
    const size_t bytes = ptn_text_bytes(c->name, 40);
    snprintf(name, sizeof name, "%.*s%s", bytes < 70 ? (int)bytes : 40, c->name, c->name[bytes] ? "..." : "");
    for (char *at = name; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7F)
            *at = ' ';
    snprintf(out, size, strpbrk(name, " ,.;:()\"'") || !name[0] ? "\"%s\"" : "%s", name);
    return out;
}

/* ---- options that name a column ---- */

static patron_status no_column(const ptn_draft *draft, const char *option, const char *given, ptn_problem *problem)
{
    const char *names[PTN_DRAFT_COLUMNS_MAX];
    unsigned count = 0;
    ptn_text list = {0};
    for (unsigned t = 0; t < draft->table_count; t++)
        for (unsigned i = 0; i < draft->tables[t].column_count && count < PTN_DRAFT_COLUMNS_MAX; i++) {
            names[count] = draft->tables[t].columns[i].name;
            if (count < 30)
                ptn_text_addf(&list, "%s%s", count ? ", " : "", names[count]);
            count++;
        }
    ptn_problem_set(problem, PATRON_EINVAL, "E523", "there is no column \"%s\"", given);
    ptn_problem_where(problem, "%s", option);
    ptn_problem_why(problem, "there are: %s%s", ptn_text_str(&list), count > 30 ? ", ..." : "");
    const char *near = ptn_nearest(given, names, count);
    if (near)
        ptn_problem_fix(problem, "did you mean \"%s\"?", near);
    ptn_text_free(&list);
    return PATRON_EINVAL;
}

/* The column an option names, -1 when it is not given or the table has none such; an error when no table has it. */
static patron_status named(const ptn_draft *draft, const ptn_draft_table *t, const char *option, const char *given, int *at,
                           ptn_problem *problem)
{
    *at = given ? ptn_draft_column_at(t, given) : -1;
    if (!given || *at >= 0)
        return PATRON_OK;
    for (unsigned i = 0; i < draft->table_count; i++)
        if (ptn_draft_column_at(&draft->tables[i], given) >= 0)
            return PATRON_OK;
    return no_column(draft, option, given, problem);
}

/* A part that is needed and that no column can play. */
static patron_status no_part(const ptn_draft_table *t, const char *part, const char *why, const char *option, ptn_problem *problem)
{
    ptn_text list = {0};
    for (unsigned i = 0; i < t->column_count && i < 12; i++) {
        char shown[100];
        ptn_text_addf(&list, "%s%s (%.*s)", i ? ", " : "", ptn_draft_shown(&t->columns[i], shown, sizeof shown),
                      (int)ptn_text_bytes(t->columns[i].looks.common, 20), t->columns[i].looks.seen > 0 ? t->columns[i].looks.common : "empty");
    }
    for (char *at = list.data; at && *at; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
    ptn_problem_set(problem, PATRON_EDATA, "E521", "%s: no column can be %s", t->label, part);
    ptn_problem_where(problem, "%s%s", ptn_text_str(&list), t->column_count > 12 ? ", ..." : "");
    ptn_problem_why(problem, "%s", why);
    ptn_problem_fix(problem, "%s", option);
    ptn_problem_more(problem, "patron help streams ledger");
    ptn_text_free(&list);
    return PATRON_EDATA;
}

/* ---- when ---- */

static double moment_score(const ptn_draft_table *t, unsigned i)
{
    const ptn_draft_column *c = &t->columns[i];
    if (c->moment == PTN_MOMENT_NONE || c->filled == 0)
        return -10;
    const int hint = ptn_draft_hint(c->name, PTN_HINT_MOMENT);
    const bool number = c->moment >= PTN_MOMENT_SECONDS || strchr(c->format, 'Y') == NULL;
    double score = hint + 2 * share(c->filled, (double)t->rows) + (c->different > 1);
    if (c->looks.compact > 0 && hint < 1) /* a number that happens to look like a day */
        score -= 4;
    if (number && c->moment != PTN_MOMENT_TYPED && c->moment != PTN_MOMENT_ISO && hint < 1)
        score -= 2;
    if (ptn_draft_hint(c->name, PTN_HINT_BIRTH_DATE) > 0)
        score -= 6;
    return score;
}

/* The best column by a score, and the next one. */
static int best_of(const ptn_draft_table *t, double (*score)(const ptn_draft_table *, unsigned), double *lead, int *second)
{
    int best = -1;
    double top = -1e9, next = -1e9;
    *second = -1;
    for (unsigned i = 0; i < t->column_count; i++) {
        const double s = t->used[i] ? -1e9 : score(t, i);
        if (s > top) {
            next = top;
            *second = best;
            top = s;
            best = (int)i;
        } else if (s > next) {
            next = s;
            *second = (int)i;
        }
    }
    *lead = top - next;
    if (top < 0)
        return -1;
    if (next < 0)
        *second = -1;
    return best;
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

static patron_status choose_moment(ptn_draft *draft, ptn_draft_table *t, const ptn_draft_options *options, int *moment, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    double lead = 9;
    int second = -1, at;
    char shown[100], other[100];
    PTN_TRY(named(draft, t, "--occurred-at", options->occurred_at, &at, problem));
    const bool said = at >= 0;
    if (!said)
        at = best_of(t, moment_score, &lead, &second);
    if (at < 0 && t->kind == PTN_DRAFT_CSV && t->column_count == 1 && t->columns[0].looks.blanks > 0.9 * t->columns[0].looks.seen) {
        status = no_part(t, "occurred_at", "there is one column: what stands in it is apart by blanks", "put commas there: sed 's/^ *//; s/  */,/g' FILE > FILE.csv",
                         problem);
        goto done;
    }
    if (at < 0) {
        status = no_part(t, "occurred_at", "no column has dates in nine of ten rows", "--occurred-at COLUMN, or mend the dates in the file", problem);
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

/* ---- who ---- */

static double customer_score(const ptn_draft_table *t, unsigned i)
{
    const ptn_draft_column *c = &t->columns[i];
    const ptn_looks *l = &c->looks;
    const double rows = (double)t->rows;
    const bool number = c->number != PTN_NUMBER_NONE;
    if (c->filled == 0 || (c->moment != PTN_MOMENT_NONE && c->moment < PTN_MOMENT_SECONDS && c->looks.compact == 0))
        return -10;
    if (number && !ptn_draft_is_whole(c))
        return -10;
    double score = ptn_draft_hint(c->name, PTN_HINT_CUSTOMER);
    score += share(l->email, l->seen) > 0.9 ? 2.5 : 0;
    if (c->days > 0)
        score += c->days > 1.3 * c->different ? 1.5 : c->days > 1.06 * c->different ? 1 : -0.5;
    score -= c->different <= 1 && rows > 1 ? 4 : 0;
    score -= c->different < 50 && rows > 2000 ? 3 : 0;              /* a word out of a few: country, shop */
    score -= c->different > 0.98 * c->filled && rows > 50 ? 1.5 : 0; /* the row's own number */
    score -= l->middle_length > 40 ? 2 : 0;
    score -= share(l->truth, l->seen) > 0.95 || share(l->code, l->seen) > 0.9 ? 4 : 0;
    score -= share(c->filled, rows) < 0.3 ? 2 : 0;
    static const ptn_hint others[] = {PTN_HINT_ORDER, PTN_HINT_PRODUCT, PTN_HINT_QUANTITY, PTN_HINT_PRICE, PTN_HINT_AMOUNT, PTN_HINT_COUNTRY,
                                      PTN_HINT_CITY, PTN_HINT_POSTCODE, PTN_HINT_KIND, PTN_HINT_CURRENCY, PTN_HINT_PHONE, PTN_HINT_STREET, PTN_HINT_COST};
    for (unsigned k = 0; k < sizeof others / sizeof *others; k++)
        if (ptn_draft_hint(c->name, others[k]) >= 3) {
            score -= 3;
            break;
        }
    return score;
}

/* Does each value of one column have one of the other, as a customer's number has one name? Then it is told by it. */
static patron_status tells(ptn_draft *draft, int one, int other, bool *does, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    *does = false;
    ptn_text_addf(&sql, "SELECT count(DISTINCT c%d)::BIGINT, count(DISTINCT (c%d, c%d))::BIGINT FROM looked_from WHERE c%d <> '' AND c%d <> ''", one, one,
                  other, one, other);
    PTN_TRY(ptn_store_query(draft->store, ptn_text_str(&sql), &rows, problem));
    if (ptn_rows_next(rows))
        *does = ptn_rows_int(rows, 0) > 1 && ptn_rows_int(rows, 1) == ptn_rows_int(rows, 0);

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

static patron_status choose_customer(ptn_draft *draft, ptn_draft_table *t, const ptn_draft_options *options, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    double lead = 9;
    int second = -1, at;
    char shown[100], other[100], empty[64] = "";
    PTN_TRY(named(draft, t, "--customer", options->customer, &at, problem));
    const bool said = at >= 0;
    if (!said)
        at = best_of(t, customer_score, &lead, &second);
    if (at < 0) {
        status = no_part(t, "customer", "no column has values that name somebody and come back", "--customer COLUMN", problem);
        goto done;
    }
    if (second >= 0 && lead >= 0.5 && t->columns[second].different <= t->columns[at].different) {
        bool told;
        PTN_TRY(tells(draft, at, second, &told, problem));
        second = told ? -1 : second;
    }
    const ptn_draft_column *c = &t->columns[at];
    const double score = customer_score(t, (unsigned)at);
    const double missing = 1 - share(c->filled, (double)t->rows);
    t->key = at;
    t->used[at] = true;
    t->text_only |= t->kind == PTN_DRAFT_CSV && c->looks.zeros_first > 0;
    ptn_draft_part_add(t, "customer", ptn_draft_column_text(t, (unsigned)at), NULL);
    const bool doubt = !said && (score < 3 || (second >= 0 && lead < WELL_ABOVE));
    const bool near = !said && second >= 0 && lead < 1;
    if (missing > 0)
        snprintf(empty, sizeof empty, missing < 0.0005 ? "; %.0f empty" : "; %.1f %% empty", missing < 0.0005 ? (double)t->rows - c->filled : 100 * missing);
    t->customer_guess = (int)t->guess_count; /* how many there are is told when every row has been counted */
    ptn_draft_say(t, "customer", ptn_draft_shown(c, shown, sizeof shown), said ? PTN_SURE_YES : near || score < 1.5 ? PTN_SURE_NOT : doubt ? PTN_SURE_LOOK : PTN_SURE_YES,
                  "%s%s%s%s", c->different < 0.98 * c->filled ? "values that come back" : "values, none comes back", empty,
                  doubt && second >= 0 ? "; or " : "", doubt && second >= 0 ? ptn_draft_shown(&t->columns[second], other, sizeof other) : "");

done:
    return status;
}

/* ---- what else ---- */

/* The column with the best name for a part that fits `fits`; -1 below `least`. */
static int by_name(const ptn_draft_table *t, ptn_hint hint, int least, bool (*fits)(const ptn_draft_table *, unsigned))
{
    int best = -1, top = least - 1;
    for (unsigned i = 0; i < t->column_count; i++) {
        const int score = ptn_draft_hint(t->columns[i].name, hint);
        if (!t->used[i] && t->columns[i].filled > 0 && score > top && fits(t, i)) {
            top = score;
            best = (int)i;
        }
    }
    return best;
}

static bool is_moment(const ptn_draft_column *c)
{
    return c->moment != PTN_MOMENT_NONE && c->moment < PTN_MOMENT_SECONDS && c->looks.compact == 0;
}

/* Whole numbers or words, or some of each: 22423, 85123A. */
static bool is_code(const ptn_draft_column *c)
{
    return !is_moment(c)
           && (c->number == PTN_NUMBER_NONE || ptn_draft_is_whole(c)
               || (!ptn_draft_type_is_number(c->type) && c->looks.whole + c->looks.seen - c->looks.moneylike > 0.98 * c->looks.seen));
}

/* One day each, and a name or a number. */
static bool fits_order(const ptn_draft_table *t, unsigned i)
{
    const ptn_draft_column *c = &t->columns[i];
    return is_code(c) && c->different > 1 && c->days <= 1.1 * c->different;
}

static bool fits_product(const ptn_draft_table *t, unsigned i)
{
    const ptn_draft_column *c = &t->columns[i];
    return is_code(c) && share(c->looks.email, c->looks.seen) < 0.5;
}

static bool fits_currency(const ptn_draft_table *t, unsigned i)
{
    return share(t->columns[i].looks.code, t->columns[i].looks.seen) > 0.9;
}

static bool fits_channel(const ptn_draft_table *t, unsigned i)
{
    return t->columns[i].number == PTN_NUMBER_NONE && !is_moment(&t->columns[i]) && t->columns[i].different <= 60;
}

static void take(ptn_draft_table *t, int column, const char *part)
{
    if (column < 0)
        return;
    t->used[column] = true;
    t->text_only |= t->kind == PTN_DRAFT_CSV && t->columns[column].looks.zeros_first > 0;
    ptn_draft_part_add(t, part, ptn_draft_column_text(t, (unsigned)column), NULL);
}

/* One line for the parts that need no reason of their own. */
static void say_others(ptn_draft_table *t, int order, int product, int channel, int currency)
{
    const struct {
        int at;
        const char *part;
    } others[] = {{order, "order_id"}, {product, "product"}, {channel, "channel"}, {currency, "currency"}};
    char parts[64] = "", columns[200] = "", shown[100];
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++) {
        if (others[i].at < 0)
            continue;
        const size_t a = strlen(parts), b = strlen(columns);
        snprintf(parts + a, sizeof parts - a, "%s%s", a ? ", " : "", others[i].part);
        snprintf(columns + b, sizeof columns - b, "%s%s", b ? ", " : "", ptn_draft_shown(&t->columns[others[i].at], shown, sizeof shown));
    }
    if (parts[0])
        ptn_draft_say(t, parts, columns, order >= 0 && t->columns[order].days == 0 ? PTN_SURE_LOOK : PTN_SURE_YES, "%s",
                      order >= 0 ? "each order has one day" : "by name and by what stands there");
}

patron_status ptn_draft_ledger(ptn_draft *draft, ptn_draft_table *t, const ptn_draft_options *options, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    int moment = -1;
    unsigned which[PTN_DRAFT_COLUMNS_MAX], count = 0;
    ptn_text day = {0};
    char x[16];
    PTN_TRY(choose_moment(draft, t, options, &moment, problem));
    const ptn_guess when = t->guesses[--t->guess_count]; /* shown second */
    const ptn_draft_part when_part = t->parts[--t->part_count];
    snprintf(x, sizeof x, "c%d", moment);
    ptn_draft_moment_sql(&t->columns[moment], x, true, &day);
    for (unsigned i = 0; i < t->column_count; i++)
        if (!t->used[i] && t->columns[i].filled > 0 && (t->columns[i].number == PTN_NUMBER_NONE || ptn_draft_is_whole(&t->columns[i])))
            which[count++] = i;
    status = ptn_draft_days(draft->store, t, which, count < 60 ? count : 60, ptn_text_str(&day), problem);
    if (status == PATRON_OK)
        status = choose_customer(draft, t, options, problem);
    t->moment_guess = (int)t->guess_count;
    t->guesses[t->guess_count++] = when;
    t->parts[t->part_count++] = when_part;
    PTN_TRY(status);
    const int order = by_name(t, PTN_HINT_ORDER, 2, fits_order);
    PTN_TRY(ptn_draft_amount(draft, t, options, order, problem));
    const int product = by_name(t, PTN_HINT_PRODUCT, 2, fits_product);
    take(t, product, "product");
    if (order >= 0 && !t->used[order])
        take(t, order, "order_id");
    const int channel = by_name(t, PTN_HINT_CHANNEL, 3, fits_channel);
    take(t, channel, "channel");
    int currency = by_name(t, PTN_HINT_CURRENCY, 0, fits_currency);
    take(t, currency, "currency");
    say_others(t, order, product, channel, currency);

done:
    ptn_text_free(&day);
    return status;
}

/* The best sign of a day and of an amount; -1 where there is none. */
static void money_signs(const ptn_draft_table *t, int *moment, int *amount)
{
    *moment = *amount = -1;
    for (unsigned i = 0; i < t->column_count; i++) {
        const ptn_draft_column *c = &t->columns[i];
        const int hint = ptn_draft_hint(c->name, PTN_HINT_AMOUNT), price = ptn_draft_hint(c->name, PTN_HINT_PRICE);
        if (*moment < 0 && moment_score(t, i) > 1)
            *moment = (int)i;
        const bool cents = c->number != PTN_NUMBER_NONE && !ptn_draft_is_whole(c);
        if (*amount < 0 && c->number != PTN_NUMBER_NONE && !is_moment(c) && (hint >= 2 || price >= 2 || (cents && hint >= 0)))
            *amount = (int)i;
    }
}

bool ptn_draft_is_ledger(const ptn_draft_table *t)
{
    int moment, amount;
    money_signs(t, &moment, &amount);
    return moment >= 0 && amount >= 0;
}

const char *ptn_draft_lacks(const ptn_draft_table *t, char *out, size_t size)
{
    int moment, amount;
    char shown[100];
    money_signs(t, &moment, &amount);
    if (amount >= 0 && ptn_draft_hint(t->columns[amount].name, PTN_HINT_AMOUNT) >= 2)
        snprintf(out, size, "%s looks like money, but no column is a day. Join it to one that has days, in a SELECT of your own",
                 ptn_draft_shown(&t->columns[amount], shown, sizeof shown));
    else
        snprintf(out, size, "no money, no people and no rates were seen");
    return out;
}
