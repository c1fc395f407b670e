/* Customer, order, product, currency and channel of a ledger; moments are in draft_moment.c, amounts in draft_amount.c. */
#include "draft_ledger.h"

#include <stdio.h>
#include <string.h>

#include "draft_columns.h"
#include "draft_looks.h"
#include "draft_names.h"

static const double WELL_ABOVE = 1.5; /* a lead that leaves no doubt */

/* ---- who ---- */

static double customer_score(const ptn_draft_table *t, unsigned i)
{
    const ptn_draft_column *c = &t->columns[i];
    const ptn_looks *l = &c->looks;
    const double rows = (double)t->rows;
    const bool number = c->number != PTN_NUMBER_NONE;
    if (c->filled == 0 || ptn_draft_is_moment(c))
        return -10;
    if (number && !ptn_draft_is_whole(c))
        return -10;
    double score = ptn_draft_hint(c->name, PTN_HINT_CUSTOMER);
    score += ptn_share(l->email, l->seen) > 0.9 ? 2.5 : 0;
    if (c->days > 0)
        score += c->days > 1.3 * c->different ? 1.5 : c->days > 1.06 * c->different ? 1 : -0.5;
    score -= c->different <= 1 && rows > 1 ? 4 : 0;
    score -= c->different < 50 && rows > 2000 ? 3 : 0;              /* a word out of a few: country, shop */
    score -= c->different > 0.98 * c->filled && rows > 50 ? 1.5 : 0; /* the row's own number */
    score -= l->middle_length > 40 ? 2 : 0;
    score -= ptn_share(l->truth, l->seen) > 0.95 || ptn_share(l->code, l->seen) > 0.9 ? 4 : 0;
    score -= ptn_share(c->filled, rows) < 0.3 ? 2 : 0;
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
    PTN_TRY(ptn_draft_named(draft, t, "--customer", options->customer, &at, problem));
    const bool said = at >= 0;
    if (!said)
        at = ptn_draft_best(t, customer_score, &lead, &second);
    if (at < 0) {
        status = ptn_draft_no_part(t, "customer", "no column has values that name somebody and come back", "--customer COLUMN", problem);
        goto done;
    }
    if (second >= 0 && lead >= 0.5 && t->columns[second].different <= t->columns[at].different) {
        bool told;
        PTN_TRY(tells(draft, at, second, &told, problem));
        second = told ? -1 : second;
    }
    const ptn_draft_column *c = &t->columns[at];
    const double score = customer_score(t, (unsigned)at);
    const double missing = 1 - ptn_share(c->filled, (double)t->rows);
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

/* Whole numbers or words, or some of each: 22423, 85123A. */
static bool is_code(const ptn_draft_column *c)
{
    return !ptn_draft_is_moment(c)
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
    return is_code(c) && ptn_share(c->looks.email, c->looks.seen) < 0.5;
}

static bool fits_currency(const ptn_draft_table *t, unsigned i)
{
    return ptn_share(t->columns[i].looks.code, t->columns[i].looks.seen) > 0.9;
}

static bool fits_channel(const ptn_draft_table *t, unsigned i)
{
    return t->columns[i].number == PTN_NUMBER_NONE && !ptn_draft_is_moment(&t->columns[i]) && t->columns[i].different <= 60;
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
    PTN_TRY(ptn_draft_choose_moment(draft, t, options, &moment, problem));
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
        if (*moment < 0 && ptn_draft_moment_score(t, i) > 1)
            *moment = (int)i;
        const bool cents = c->number != PTN_NUMBER_NONE && !ptn_draft_is_whole(c);
        if (*amount < 0 && c->number != PTN_NUMBER_NONE && !ptn_draft_is_moment(c) && (hint >= 2 || price >= 2 || (cents && hint >= 0)))
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
