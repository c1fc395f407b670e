/* What a row came to: a column, or quantity times price. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "draft_columns.h"
#include "draft_ledger.h"
#include "draft_looks.h"
#include "draft_names.h"
#include "draft_returns.h"

enum { PRODUCTS_MAX = 7 }; /* number columns that are multiplied with one another in search of a total */

typedef struct amount_choice {
    int amount, quantity, price; /* columns; -1: none */
    double fit;                  /* share of the rows in which quantity times price gives the amount */
    bool repeated;               /* the amount is that of the whole order, on each of its lines */
    bool minor;                  /* in cents */
} amount_choice;

static bool is_number(const ptn_draft_table *t, unsigned i)
{
    const ptn_draft_column *c = &t->columns[i];
    return !t->used[i] && c->number != PTN_NUMBER_NONE && c->filled > 0 && (c->moment == PTN_MOMENT_NONE || c->moment >= PTN_MOMENT_SECONDS || c->looks.compact > 0);
}

/* A row's own number, a postcode, a telephone: digits, but nothing to add up. */
static bool is_name(const ptn_draft_table *t, unsigned i)
{
    static const ptn_hint names[] = {PTN_HINT_ORDER, PTN_HINT_PRODUCT, PTN_HINT_CUSTOMER, PTN_HINT_POSTCODE, PTN_HINT_PHONE};
    const ptn_draft_column *c = &t->columns[i];
    if (c->looks.zeros_first > 0 && c->number == PTN_NUMBER_PLAIN && ptn_draft_is_whole(c))
        return true;
    for (unsigned k = 0; k < sizeof names / sizeof *names; k++)
        if (ptn_draft_hint(c->name, names[k]) >= 3 && ptn_draft_hint(c->name, PTN_HINT_AMOUNT) < 3)
            return true;
    return ptn_draft_is_whole(c) && c->different > 0.98 * c->filled && c->filled > 50 && ptn_draft_hint(c->name, PTN_HINT_AMOUNT) < 2;
}

static double amount_score(const ptn_draft_table *t, unsigned i)
{
    const ptn_draft_column *c = &t->columns[i];
    if (!is_number(t, i) || is_name(t, i))
        return -10;
    const bool cents = !ptn_draft_is_whole(c);
    const int price = ptn_draft_hint(c->name, PTN_HINT_PRICE);
    double score = ptn_draft_hint(c->name, PTN_HINT_AMOUNT) + (cents ? 1 : 0) + (c->looks.negative > 0 ? 0.5 : 0) + (c->looks.sign[0] ? 1 : 0);
    score -= price >= 2 ? 1 : 0;
    score -= ptn_draft_hint(c->name, PTN_HINT_QUANTITY) >= 2 || ptn_draft_hint(c->name, PTN_HINT_COST) >= 2 ? 4 : 0;
    score -= ptn_draft_hint(c->name, PTN_HINT_RATE) >= 2 ? 3 : 0;
    score -= c->different <= 1 && t->rows > 20 ? 1 : 0;
    score -= strncasecmp(c->name, "sub", 3) == 0 || strstr(c->name, "before") ? 0.5 : 0;
    return score;
}

static int best_number(const ptn_draft_table *t, ptn_hint hint, int least)
{
    int best = -1, top = least - 1;
    for (unsigned i = 0; i < t->column_count; i++) {
        const int score = ptn_draft_hint(t->columns[i].name, hint);
        if (is_number(t, i) && !is_name(t, i) && score > top) {
            top = score;
            best = (int)i;
        }
    }
    return best;
}

/* The number in a column of the sample; NULL where there is none. */
static void sampled(const ptn_draft_table *t, unsigned i, ptn_text *sql)
{
    char x[16];
    ptn_draft_column c = t->columns[i];
    ptn_text number = {0};
    snprintf(x, sizeof x, "c%u", i);
    ptn_draft_number_sql(&c, x, false, &number);
    ptn_text_addf(sql, "TRY_CAST(trim(%s) AS DOUBLE)", ptn_text_str(&number));
    ptn_text_free(&number);
}

/* In how many rows is a = q × p? Rows that cannot tell, because a quantity is 1 or a price 0, are left out. */
static patron_status try_products(ptn_draft *draft, const ptn_draft_table *t, amount_choice *best, ptn_problem *problem)
{
    unsigned columns[PRODUCTS_MAX], count = 0, triples = 0;
    ptn_text sql = {0};
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    for (unsigned i = 0; i < t->column_count && count < PRODUCTS_MAX; i++)
        if (is_number(t, i) && !is_name(t, i) && t->columns[i].different > 1)
            columns[count++] = i;
    if (count < 3)
        return PATRON_OK;
    ptn_text_add(&sql, "SELECT 0::BIGINT");
    for (unsigned a = 0; a < count; a++)
        for (unsigned q = 0; q < count; q++)
            for (unsigned p = 0; p < count; p++)
                if (q != a && p != a && p != q && ptn_draft_is_whole(&t->columns[columns[q]])
                    && (ptn_draft_is_whole(&t->columns[columns[p]]) ? q < p : true)) {
                    ptn_text_addf(&sql, ", count(*) FILTER (abs(abs(n%u) - abs(n%u * n%u)) <= 0.011 + 0.0001 * abs(n%u) AND abs(n%u) <> 1 AND n%u <> 0 AND abs(n%u) <> 1)::BIGINT"
                                        ", count(*) FILTER (n%u IS NOT NULL AND abs(n%u) <> 1 AND n%u <> 0 AND abs(n%u) <> 1)::BIGINT",
                                  columns[a], columns[q], columns[p], columns[a], columns[q], columns[p], columns[p], columns[a], columns[q], columns[p], columns[p]);
                    triples++;
                }
    ptn_text_add(&sql, " FROM (SELECT ");
    for (unsigned i = 0; i < count; i++) {
        ptn_text_add(&sql, i ? ", " : "");
        sampled(t, columns[i], &sql);
        ptn_text_addf(&sql, " AS n%u", columns[i]);
    }
    ptn_text_add(&sql, " FROM looked_at)");
    if (triples == 0)
        goto done;
    PTN_TRY(ptn_store_query(draft->store, ptn_text_str(&sql), &rows, problem));
    if (!ptn_rows_next(rows))
        goto done;
    unsigned at = 1;
    for (unsigned a = 0; a < count; a++)
        for (unsigned q = 0; q < count; q++)
            for (unsigned p = 0; p < count; p++)
                if (q != a && p != a && p != q && ptn_draft_is_whole(&t->columns[columns[q]])
                    && (ptn_draft_is_whole(&t->columns[columns[p]]) ? q < p : true)) {
                    const double fits = (double)ptn_rows_int(rows, at), of = (double)ptn_rows_int(rows, at + 1);
                    at += 2;
                    if (fits >= 3 && fits > 0.9 * of && fits / of > best->fit)
                        *best = (amount_choice){(int)columns[a], (int)columns[q], (int)columns[p], fits / of, false, false};
                }

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

/* Does the amount stand unchanged on every line of an order, though its lines differ? Then adding up counts it many times. */
static patron_status look_for_repeats(ptn_draft *draft, const ptn_draft_table *t, int order, amount_choice *choice, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    if (order < 0 || choice->amount < 0 || choice->fit > 0 || t->columns[order].different > 0.9 * t->columns[order].filled)
        return PATRON_OK;
    ptn_text_addf(&sql, "SELECT count(*) FILTER (lines > 1 AND least = most)::BIGINT, count(*) FILTER (lines > 1)::BIGINT FROM ("
                        "SELECT count(*) AS lines, min(trim(c%d)) AS least, max(trim(c%d)) AS most FROM looked_from WHERE c%d <> '' GROUP BY c%d)",
                  choice->amount, choice->amount, order, order);
    PTN_TRY(ptn_store_query(draft->store, ptn_text_str(&sql), &rows, problem));
    if (ptn_rows_next(rows)) {
        const double same = (double)ptn_rows_int(rows, 0), of = (double)ptn_rows_int(rows, 1);
        choice->repeated = of >= 2 && same > 0.97 * of;
    }

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

/* ---- the parts ---- */

/* Further lines of an order often have no total of their own. They hold no money, and would fill the quarantine. */
static void leave_out_empty(ptn_draft *draft, ptn_draft_table *t, int column)
{
    const ptn_draft_column *c = &t->columns[column];
    const double empty = (double)t->rows - c->filled;
    char shown[100], a[40], note[200];
    ptn_text filter = {0};
    if (empty <= 0.005 * (double)t->rows || t->filter)
        return;
    ptn_draft_column_sql(t, (unsigned)column, &filter);
    ptn_text_add(&filter, " IS NOT NULL");
    t->filter = filter.data;
    ptn_draft_shown(c, shown, sizeof shown);
    snprintf(note, sizeof note, "%s rows have no %s", ptn_draft_count_text(empty, a, sizeof a), shown);
    t->filter_note = strdup(note);
    ptn_draft_note_add(draft, "%s: left out, by the WHERE at the end of the source", note);
}

/* Where the sign of a quantity disagrees with that of the amount in more than a stray row, quantity takes the amount's. */
static patron_status signs_differ(ptn_draft *draft, const ptn_draft_table *t, int quantity, const char *amount, bool *differ, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    *differ = false;
    ptn_text_add(&sql, "SELECT count(*) FILTER ((q > 0 AND x < 0) OR (q < 0 AND x > 0))::BIGINT, count(*)::BIGINT FROM (SELECT ");
    sampled(t, (unsigned)quantity, &sql);
    ptn_text_addf(&sql, " AS q, %s AS x FROM looked_at)", amount);
    PTN_TRY(ptn_store_query(draft->store, ptn_text_str(&sql), &rows, problem));
    if (ptn_rows_next(rows))
        *differ = (double)ptn_rows_int(rows, 0) > 0.0005 * (double)ptn_rows_int(rows, 1) && ptn_rows_int(rows, 0) > 1;

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

/* A column as a number in the source's SQL; cast where arithmetic needs it. */
static void number_in_source(const ptn_draft_table *t, int column, bool arithmetic, ptn_text *sql)
{
    const ptn_draft_column *c = &t->columns[column];
    char *x = ptn_draft_column_text(t, (unsigned)column);
    const bool read_as_number = t->kind == PTN_DRAFT_CSV && !t->text_only;
    ptn_draft_number_sql(c, x ? x : "", arithmetic && !read_as_number, sql);
    free(x);
}

/* Would DuckDB read it as a number by itself? */
static bool needs_text(const ptn_draft_table *t, int column, bool arithmetic)
{
    const ptn_draft_column *c = &t->columns[column];
    return t->kind == PTN_DRAFT_CSV && (c->number != PTN_NUMBER_PLAIN || (arithmetic && c->looks.plain < c->looks.seen));
}

static patron_status choose(ptn_draft *draft, ptn_draft_table *t, int order, amount_choice *choice, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    double top = 0.9;
    *choice = (amount_choice){.amount = -1, .quantity = -1, .price = -1};
    PTN_TRY(try_products(draft, t, choice, problem));
    const int by_name = choice->amount;
    if (by_name >= 0 && amount_score(t, (unsigned)by_name) < 0)
        *choice = (amount_choice){.amount = -1, .quantity = -1, .price = -1};
    if (choice->amount < 0) {
        choice->quantity = best_number(t, PTN_HINT_QUANTITY, 2);
        choice->price = best_number(t, PTN_HINT_PRICE, 2);
        if (choice->quantity == choice->price)
            choice->quantity = -1;
        if (choice->quantity < 0 || choice->price < 0)
            top = 0.4; /* no product to fall back on */
        else
            top = 1.9; /* a column must say that it is a total */
        for (unsigned i = 0; i < t->column_count; i++) {
            const double score = amount_score(t, i);
            if (score > top && (int)i != choice->quantity && !((int)i == choice->price && choice->quantity >= 0)) {
                top = score;
                choice->amount = (int)i;
            }
        }
        if (choice->amount == choice->price)
            choice->price = -1;
    }
    PTN_TRY(look_for_repeats(draft, t, order, choice, problem));
    if (choice->repeated && choice->quantity >= 0 && choice->price >= 0) {
        char shown[100];
        ptn_draft_note_add(draft, "%s stands on every line of an order, so it is the order's total: not added up; Quantity times price is",
                           ptn_draft_shown(&t->columns[choice->amount], shown, sizeof shown));
        choice->amount = -1;
        choice->repeated = false;
    }

done:
    return status;
}

/* --amount: a column, or an expression over columns. */
static patron_status amount_as_said(ptn_draft *draft, ptn_draft_table *t, const char *given, amount_choice *choice, ptn_text *own, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_statement statement;
    patron_status status = PATRON_OK;
    const int at = ptn_draft_column_at(t, given);
    if (at >= 0) {
        const bool number = t->columns[at].number != PTN_NUMBER_NONE;
        if (!number) {
            ptn_problem_set(problem, PATRON_EDATA, "E521", "%s does not read as an amount", given);
            ptn_problem_where(problem, "%s, such as \"%s\"", t->label, t->columns[at].looks.common);
            ptn_problem_fix(problem, "name another column, or an expression: --amount 'quantity * price'");
            return PATRON_EDATA;
        }
        choice->amount = at;
        choice->quantity = best_number(t, PTN_HINT_QUANTITY, 2);
        return PATRON_OK;
    }
    ptn_text_add(&sql, "SELECT (");
    ptn_text_add(&sql, given);
    ptn_text_add(&sql, ") FROM (SELECT ");
    for (unsigned i = 0; i < t->column_count; i++) {
        ptn_text_add(&sql, i ? ", NULL::" : "NULL::");
        ptn_text_add(&sql, t->columns[i].number != PTN_NUMBER_NONE ? "DECIMAL(18, 6)" : "VARCHAR");
        ptn_text_add(&sql, " AS ");
        ptn_text_add_ident(&sql, t->columns[i].name);
    }
    ptn_text_add(&sql, ")");
    status = ptn_store_examine(draft->store, ptn_text_str(&sql), &statement, problem);
    if (status == PATRON_OK && statement.count != 1)
        status = PATRON_EINVAL;
    if (status != PATRON_OK) {
        char why[sizeof problem->why], fix[sizeof problem->fix];
        snprintf(why, sizeof why, "%s", problem->why);
        snprintf(fix, sizeof fix, "%s", problem->fix);
        const char *names[PTN_DRAFT_COLUMNS_MAX];
        for (unsigned i = 0; i < t->column_count; i++)
            names[i] = t->columns[i].name;
        const char *near = ptn_nearest(given, names, t->column_count);
        ptn_problem_set(problem, PATRON_EINVAL, "E523", "--amount %s is neither a column nor an expression over columns", given);
        ptn_problem_where(problem, "%s", t->label);
        ptn_problem_why(problem, "%s", why);
        if (near)
            ptn_problem_fix(problem, "did you mean \"%s\"?", near);
        else
            ptn_problem_fix(problem, "%s", fix[0] ? fix : "columns with blanks in their name stand in double quotes");
        status = PATRON_EINVAL;
        goto done;
    }
    /* numbers that are written as text are read as such before the expression sees them */
    bool plain = true;
    for (unsigned i = 0; i < t->column_count; i++)
        plain &= t->columns[i].number == PTN_NUMBER_NONE || t->columns[i].number == PTN_NUMBER_PLAIN;
    if (!plain)
        ptn_draft_note_add(draft, "--amount %s is taken as it stands: numbers of this file are not written plainly, so see to it in the source", given);
    ptn_text_add(own, given);

done:
    ptn_text_free(&sql);
    return status;
}

static patron_status no_amount(const ptn_draft_table *t, ptn_problem *problem)
{
    ptn_text numbers = {0};
    char shown[100];
    for (unsigned i = 0; i < t->column_count; i++)
        if (t->columns[i].number != PTN_NUMBER_NONE && !t->used[i])
            ptn_text_addf(&numbers, "%s%s", numbers.length ? ", " : "", ptn_draft_shown(&t->columns[i], shown, sizeof shown));
    ptn_problem_set(problem, PATRON_EDATA, "E521", "%s: no column can be amount", t->label);
    ptn_problem_why(problem, numbers.length ? "none is called so, none has cents, and no product of two makes one; numbers are %s"
                                            : "no column has numbers in nine of ten rows%s", ptn_text_str(&numbers));
    ptn_problem_fix(problem, "--amount COLUMN, or an expression: --amount 'quantity * price'");
    const int price = best_number(t, PTN_HINT_PRICE, 2);
    if (price >= 0 && best_number(t, PTN_HINT_QUANTITY, 2) < 0) {
        ptn_draft_shown(&t->columns[price], shown, sizeof shown);
        ptn_problem_why(problem, "%s is called a price, and no column counts units; numbers are %s", shown, ptn_text_str(&numbers));
        ptn_problem_fix(problem, "--amount %s, if a row is one unit", shown);
    }
    ptn_problem_more(problem, "patron help streams ledger");
    ptn_text_free(&numbers);
    return PATRON_EDATA;
}

/* The line of the shown table. */
static void say_amount(ptn_draft_table *t, const amount_choice *choice, const char *said)
{
    char a[100], q[100], p[100], taken[220];
    const ptn_draft_column *amount = choice->amount >= 0 ? &t->columns[choice->amount] : NULL;
    if (choice->quantity >= 0 && choice->price >= 0) {
        ptn_draft_shown(&t->columns[choice->quantity], q, sizeof q);
        ptn_draft_shown(&t->columns[choice->price], p, sizeof p);
    }
    if (!amount && choice->price >= 0) {
        snprintf(taken, sizeof taken, "%s × %s", q, p);
        ptn_draft_say(t, "amount", taken, PTN_SURE_LOOK, "no column is a total; the product fits");
        return;
    }
    if (!amount) {
        ptn_draft_say(t, "amount", said, PTN_SURE_LOOK, "as you said");
        return;
    }
    ptn_draft_shown(amount, a, sizeof a);
    const int hint = ptn_draft_hint(amount->name, PTN_HINT_AMOUNT);
    if (choice->fit > 0)
        ptn_draft_say(t, "amount", a, hint >= 2 ? PTN_SURE_YES : PTN_SURE_LOOK, "%s × %s gives it in %.0f of 100 rows", q, p, floor(100 * choice->fit));
    else if (choice->repeated)
        ptn_draft_say(t, "amount", a, PTN_SURE_LOOK, "the order's total on each of its lines: counted once an order");
    else
        ptn_draft_say(t, "amount", a, choice->minor || (hint > 0 && hint < 3 && !said) ? PTN_SURE_LOOK : said || hint > 0 ? PTN_SURE_YES : PTN_SURE_NOT,
                      "%s%s%s%s", said ? "as you said" : hint >= 2 ? "its name says so" : hint >= 0 && !ptn_draft_is_whole(amount) ? "the number with cents"
                                                                                                               : "no better number is there",
                      amount->looks.negative > 0 ? "; some are below 0" : "; none is below 0", amount->number == PTN_NUMBER_COMMA ? "; decimal comma" : "",
                      choice->minor ? "; in cents, so divided by 100" : "");
}

/* The amount of a row of looked_from or looked_at, for questions about it. */
static void add_value(const ptn_draft_table *t, const amount_choice *choice, ptn_text *sql)
{
    if (choice->amount >= 0) {
        sampled(t, (unsigned)choice->amount, sql);
    } else if (choice->price >= 0) {
        sampled(t, (unsigned)choice->quantity, sql);
        ptn_text_add(sql, " * ");
        sampled(t, (unsigned)choice->price, sql);
    } else {
        ptn_text_add(sql, "NULL::DOUBLE");
    }
}

/* The amount in the source. own: --amount, when it is an expression; condition: rows to be made negative, or empty. */
static void add_amount(ptn_draft_table *t, const amount_choice *choice, int order, const char *own, const char *condition)
{
    ptn_text one = {0}, sql = {0};
    if (own[0]) {
        ptn_text_add(&one, own);
    } else if (choice->amount >= 0) {
        number_in_source(t, choice->amount, choice->minor || condition[0], &one);
    } else {
        number_in_source(t, choice->quantity, true, &one);
        ptn_text_add(&one, " * ");
        number_in_source(t, choice->price, true, &one);
    }
    if (choice->minor)
        ptn_text_add(&one, " * 0.01");
    const char *amount = ptn_text_str(&one);
    if (condition[0]) {
        ptn_text_addf(&sql, "CASE WHEN %s THEN -abs(%s) ELSE %s END", condition, amount, amount);
    } else if (choice->repeated) {
        char *x = ptn_draft_column_text(t, (unsigned)order);
        ptn_text_addf(&sql, "CASE WHEN row_number() OVER (PARTITION BY %s) = 1 THEN %s ELSE 0 END", x ? x : "", amount);
        free(x);
    } else {
        ptn_text_add(&sql, amount);
    }
    ptn_text_free(&one);
    ptn_draft_part_add(t, "amount", sql.data, NULL);
}

/* The quantity; where its sign disagrees with that of the amount it takes the amount's, or a build would not believe the row. */
static patron_status add_quantity(ptn_draft *draft, ptn_draft_table *t, const amount_choice *choice, const char *value, const char *condition,
                                  ptn_problem *problem)
{
    bool differ = false;
    ptn_text units = {0}, one = {0}, amount = {0};
    patron_status status = signs_differ(draft, t, choice->quantity, value, &differ, problem);
    differ &= !condition[0];
    number_in_source(t, choice->quantity, differ || condition[0], &one);
    if (condition[0]) {
        ptn_text_addf(&units, "CASE WHEN %s THEN -abs(%s) ELSE %s END", condition, ptn_text_str(&one), ptn_text_str(&one));
    } else if (differ) {
        number_in_source(t, choice->amount >= 0 ? choice->amount : choice->price, true, &amount);
        ptn_text_addf(&units, "CASE WHEN %s < 0 THEN -abs(%s) ELSE abs(%s) END", ptn_text_str(&amount), ptn_text_str(&one), ptn_text_str(&one));
    } else {
        ptn_text_add(&units, ptn_text_str(&one));
    }
    ptn_draft_part_add(t, "quantity", units.data, differ ? strdup("returns count units back: the sign of the amount") : NULL);
    ptn_text_free(&one);
    ptn_text_free(&amount);
    return status;
}

patron_status ptn_draft_amount(ptn_draft *draft, ptn_draft_table *t, const ptn_draft_options *options, int order, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    amount_choice choice = {.amount = -1, .quantity = -1, .price = -1};
    ptn_text value = {0}, own = {0}, condition = {0};
    bool flag = false;
    if (options->amount)
        PTN_TRY(amount_as_said(draft, t, options->amount, &choice, &own, problem));
    else
        PTN_TRY(choose(draft, t, order, &choice, problem));
    const bool product = !own.length && choice.amount < 0 && choice.quantity >= 0 && choice.price >= 0;
    if (!own.length && choice.amount < 0 && !product) {
        status = no_amount(t, problem);
        goto done;
    }
    if (choice.amount >= 0) {
        const char *name = t->columns[choice.amount].name;
        choice.minor = ptn_draft_is_whole(&t->columns[choice.amount]) && (strcasestr(name, "cents") || strcasestr(name, "pence") || strcasestr(name, "minor"));
        t->text_only |= needs_text(t, choice.amount, choice.minor);
        leave_out_empty(draft, t, choice.amount);
        t->used[choice.amount] = true;
    }
    if (product) {
        t->text_only |= needs_text(t, choice.price, true);
        t->used[choice.price] = true; /* the ledger has no price, and the amount tells it */
    }
    if (choice.quantity >= 0) {
        t->text_only |= needs_text(t, choice.quantity, product);
        t->used[choice.quantity] = true;
    }
    say_amount(t, &choice, options->amount);
    add_value(t, &choice, &value);

    const unsigned guessed = t->guess_count;
    if (order >= 0)
        t->used[order] = true; /* for now: it is no flag */
    status = ptn_draft_look_for_flag(draft, t, ptn_text_str(&value), &condition, &flag, problem);
    if (order >= 0)
        t->used[order] = false;
    PTN_TRY(status);
    if (t->guess_count == guessed) {
        PTN_TRY(ptn_draft_look_for_prefix(draft, t, order, ptn_text_str(&value), problem));
        t->sign_guess = (int)t->guess_count; /* told when every row has been counted */
        ptn_draft_say(t, "kind", "sign of the amount", PTN_SURE_YES, "%s", "");
    }
    add_amount(t, &choice, order, ptn_text_str(&own), flag ? ptn_text_str(&condition) : "");
    if (choice.quantity >= 0)
        PTN_TRY(add_quantity(draft, t, &choice, ptn_text_str(&value), flag ? ptn_text_str(&condition) : "", problem));

done:
    ptn_text_free(&value);
    ptn_text_free(&own);
    ptn_text_free(&condition);
    return status;
}
