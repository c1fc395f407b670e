/* What a row came to: a column, or quantity times price; and which rows are returns. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "draft_ledger.h"
#include "draft_looks.h"
#include "draft_names.h"

enum { PRODUCTS_MAX = 7 }; /* number columns that are multiplied with one another in search of a total */

typedef struct amount_choice {
    int amount, quantity, price; /* columns; -1: none */
    double fit;                  /* share of the rows in which quantity times price gives the amount */
    bool repeated;               /* the amount is that of the whole order, on each of its lines */
    bool minor;                  /* in cents */
    const char *flag_words;      /* rows of a flag column that are returns, as SQL list */
} amount_choice;

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static bool is_number(const ptn_draft_table *t, unsigned i)
{
    const ptn_draft_column *c = &t->columns[i];
    return !t->used[i] && c->number != PTN_NUMBER_NONE && c->filled > 0 && c->moment != PTN_MOMENT_TYPED && c->moment != PTN_MOMENT_ISO
           && !(c->moment == PTN_MOMENT_FORMAT && c->looks.compact == 0);
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
                        *best = (amount_choice){(int)columns[a], (int)columns[q], (int)columns[p], fits / of, false, false, NULL};
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

/* ---- returns ---- */

static bool word_in(const char *value, const char *words)
{
    char lower[64];
    size_t n = 0;
    for (; value[n] && n + 1 < sizeof lower; n++)
        lower[n] = (char)(value[n] >= 'A' && value[n] <= 'Z' ? value[n] + 32 : value[n]);
    lower[n] = '\0';
    for (const char *at = words; *at;) {
        at += *at == ' ';
        const size_t length = strcspn(at, " ");
        char word[32];
        snprintf(word, sizeof word, "%.*s", (int)length, at);
        if (length && strstr(lower, word))
            return true;
        at += length;
    }
    return false;
}

static const char returned[] = "refund return credit gutschrift retour storno chargeback rembours avoir reembolso devoluci reso rimborso creditnota";
static const char cancelled[] = "cancel fail declin void annul abgebroch abandon pending expired";

/* A column of few words, one of which says that money went back. Yes and no do, under a name that says refund. */
static patron_status look_for_flag(ptn_draft *draft, ptn_draft_table *t, const char *amount, ptn_text *condition, bool *found, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    *found = false;
    for (unsigned i = 0; i < t->column_count && !*found; i++) {
        const ptn_draft_column *c = &t->columns[i];
        const int hint = ptn_draft_hint(c->name, PTN_HINT_KIND);
        const bool truth = share(c->looks.truth, c->looks.seen) > 0.99;
        ptn_text sql = {0}, words = {0};
        ptn_rows *rows = NULL;
        double back = 0, back_above = 0, rest = 0, rest_below = 0, off = 0;
        char off_word[64] = "";
        if (t->used[i] || c->filled == 0 || c->different > 20 || hint < 0 || (truth && (hint < 2 || !word_in(c->name, returned))))
            continue;
        if (!truth && (hint < 2 || c->looks.letters < c->looks.seen))
            continue;
        ptn_text_addf(&sql, "SELECT trim(c%u), count(*)::BIGINT, count(*) FILTER (x > 0)::BIGINT, count(*) FILTER (x < 0)::BIGINT"
                            " FROM (SELECT c%u, %s AS x FROM looked_from) WHERE trim(c%u) <> '' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 24",
                      i, i, amount, i);
        status = ptn_store_query(draft->store, ptn_text_str(&sql), &rows, problem);
        while (status == PATRON_OK && ptn_rows_next(rows)) {
            const char *value = ptn_rows_text(rows, 0);
            const double lines = (double)ptn_rows_int(rows, 1);
            const bool goes_back = truth ? word_in(value, "true yes 1") || strcasecmp(value, "y") == 0 || strcasecmp(value, "t") == 0 : word_in(value, returned);
            if (goes_back) {
                ptn_text_add(&words, words.length ? ", " : "");
                ptn_text_add_literal(&words, value);
                back += lines;
                back_above += (double)ptn_rows_int(rows, 2);
            } else {
                rest += lines;
                rest_below += (double)ptn_rows_int(rows, 3);
                if (!truth && word_in(value, cancelled)) {
                    if (!off_word[0])
                        snprintf(off_word, sizeof off_word, "%s", value);
                    off += lines;
                }
            }
        }
        char shown[100], a[40];
        ptn_draft_shown(c, shown, sizeof shown);
        if (status == PATRON_OK && back > 0 && rest > 0) {
            char *x = ptn_draft_column_text(t, i);
            *found = back_above > 0; /* where they are below 0 already, the sign says it all */
            if (*found && !ptn_draft_type_is_number(c->type) && strcmp(c->type, "BOOLEAN") != 0 && !(truth && t->kind == PTN_DRAFT_CSV))
                ptn_text_addf(condition, "%s IN (%s)", x ? x : "", ptn_text_str(&words));
            else if (*found)
                ptn_text_addf(condition, "%s::VARCHAR IN (%s)", x ? x : "", ptn_text_str(&words));
            free(x);
            ptn_draft_say(t, "kind", shown, PTN_SURE_LOOK, "%s rows say %s: refund, %s; rest: sale", ptn_draft_count_text(back, a, sizeof a), ptn_text_str(&words),
                          back_above > 0 ? "so made negative" : "and below 0");
        }
        if (status == PATRON_OK && off > 0)
            ptn_draft_note_add(draft, "%s says \"%s\" or the like in %s rows: counted as they stand. To leave them out: WHERE %s <> '%s' in the source",
                               shown, off_word, ptn_draft_count_text(off, a, sizeof a), shown, off_word);
        ptn_rows_free(rows);
        ptn_text_free(&sql);
        ptn_text_free(&words);
        if (status != PATRON_OK)
            break;
    }
    return status;
}

/* Do the rows below 0 have orders that begin with letters of their own, as credit notes do? That bears out the sign. */
static patron_status look_for_prefix(ptn_draft *draft, ptn_draft_table *t, int order, const char *amount, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    char prefix[16] = "", shown[100];
    double below = 0, all_below = 0;
    if (order < 0 || t->columns[order].looks.letters == 0)
        return PATRON_OK;
    ptn_text_addf(&sql, "SELECT coalesce(regexp_extract(trim(c%d), '^[A-Za-z]{1,4}'), ''), count(*)::BIGINT, count(*) FILTER (x > 0)::BIGINT,"
                        " count(*) FILTER (x < 0)::BIGINT FROM (SELECT c%d, %s AS x FROM looked_from) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50",
                  order, order, amount);
    PTN_TRY(ptn_store_query(draft->store, ptn_text_str(&sql), &rows, problem));
    while (ptn_rows_next(rows)) {
        const double n = (double)ptn_rows_int(rows, 1), up = (double)ptn_rows_int(rows, 2), down = (double)ptn_rows_int(rows, 3);
        all_below += down;
        if (ptn_rows_text(rows, 0)[0] && up <= 0.001 * n && down > below) {
            snprintf(prefix, sizeof prefix, "%s", ptn_rows_text(rows, 0));
            below = down;
        }
    }
    if (below > 0.9 * all_below)
        snprintf(t->borne_out, sizeof t->borne_out, "; their %s starts with %s", ptn_draft_shown(&t->columns[order], shown, sizeof shown), prefix);

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
    ptn_text sql = {0}, scan = {0};
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
    ptn_text_free(&scan);
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
    ptn_problem_more(problem, "patron help streams ledger");
    ptn_text_free(&numbers);
    return PATRON_EDATA;
}

patron_status ptn_draft_amount(ptn_draft *draft, ptn_draft_table *t, const ptn_draft_options *options, int order, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    amount_choice choice = {.amount = -1, .quantity = -1, .price = -1};
    ptn_text value = {0}, sql = {0}, own = {0}, condition = {0}, taken = {0};
    char a[100], q[100], p[100];
    bool flag = false, differ = false;
    const bool said = options->amount != NULL;
    if (said)
        PTN_TRY(amount_as_said(draft, t, options->amount, &choice, &own, problem));
    else
        PTN_TRY(choose(draft, t, order, &choice, problem));
    const bool product = !own.length && choice.amount < 0 && choice.quantity >= 0 && choice.price >= 0;
    if (!own.length && choice.amount < 0 && !product) {
        status = no_amount(t, problem);
        goto done;
    }
    const ptn_draft_column *amount = choice.amount >= 0 ? &t->columns[choice.amount] : NULL;
    if (amount) {
        ptn_draft_shown(amount, a, sizeof a);
        const int hint = ptn_draft_hint(amount->name, PTN_HINT_AMOUNT);
        choice.minor = ptn_draft_is_whole(amount) && (strcasestr(amount->name, "cents") || strcasestr(amount->name, "pence") || strcasestr(amount->name, "minor"));
        t->text_only |= needs_text(t, choice.amount, false);
        if (choice.fit > 0)
            ptn_draft_say(t, "amount", a, hint >= 2 ? PTN_SURE_YES : PTN_SURE_LOOK, "%s × %s gives it in %.0f of 100 rows",
                          ptn_draft_shown(&t->columns[choice.quantity], q, sizeof q), ptn_draft_shown(&t->columns[choice.price], p, sizeof p), floor(100 * choice.fit));
        else if (choice.repeated)
            ptn_draft_say(t, "amount", a, PTN_SURE_LOOK, "the order's total on each of its lines: counted once an order");
        else
            ptn_draft_say(t, "amount", a, said || hint >= 3 ? (choice.minor ? PTN_SURE_LOOK : PTN_SURE_YES) : hint > 0 ? PTN_SURE_LOOK : PTN_SURE_NOT, "%s%s%s%s",
                          said ? "as you said" : hint >= 2 ? "its name says so" : hint >= 0 && !ptn_draft_is_whole(amount) ? "the number with cents" : "no better number is there",
                          amount->looks.negative > 0 ? "; some are below 0" : "; none is below 0", amount->number == PTN_NUMBER_COMMA ? "; decimal comma" : "",
                          choice.minor ? "; in cents, so divided by 100" : "");
    } else if (product) {
        t->text_only |= needs_text(t, choice.quantity, true) || needs_text(t, choice.price, true);
        ptn_text_addf(&taken, "%s × %s", ptn_draft_shown(&t->columns[choice.quantity], q, sizeof q), ptn_draft_shown(&t->columns[choice.price], p, sizeof p));
        ptn_draft_say(t, "amount", ptn_text_str(&taken), PTN_SURE_LOOK, "no column is a total; the product fits");
    } else {
        ptn_draft_say(t, "amount", options->amount, PTN_SURE_LOOK, "as you said");
    }
    if (choice.quantity >= 0)
        t->text_only |= needs_text(t, choice.quantity, product);
    if (amount)
        leave_out_empty(draft, t, choice.amount);

    /* the amount as the sample and the whole show it, for what follows */
    if (amount) {
        sampled(t, (unsigned)choice.amount, &value);
    } else if (product) {
        sampled(t, (unsigned)choice.quantity, &value);
        ptn_text_add(&value, " * ");
        sampled(t, (unsigned)choice.price, &value);
    } else {
        ptn_text_add(&value, "NULL::DOUBLE");
    }
    if (choice.amount >= 0)
        t->used[choice.amount] = true;
    if (product)
        t->used[choice.price] = true; /* the ledger has no price, and the amount tells it */
    if (choice.quantity >= 0)
        t->used[choice.quantity] = true;
    if (order >= 0)
        t->used[order] = true;
    const unsigned guessed = t->guess_count;
    PTN_TRY(look_for_flag(draft, t, ptn_text_str(&value), &condition, &flag, problem));
    if (t->guess_count == guessed) {
        PTN_TRY(look_for_prefix(draft, t, order, ptn_text_str(&value), problem));
        t->sign_guess = (int)t->guess_count; /* told when every row has been counted */
        ptn_draft_say(t, "kind", "sign of the amount", PTN_SURE_YES, "%s", "");
    }
    if (order >= 0)
        t->used[order] = false;

    if (amount && choice.minor)
        number_in_source(t, choice.amount, t->kind != PTN_DRAFT_CSV || t->text_only, &own);
    else if (amount)
        number_in_source(t, choice.amount, flag, &own);
    else if (product) {
        number_in_source(t, choice.quantity, true, &own);
        ptn_text_add(&own, " * ");
        number_in_source(t, choice.price, true, &own);
    }
    if (choice.minor)
        ptn_text_add(&own, " * 0.01");
    if (flag)
        ptn_text_addf(&sql, "CASE WHEN %s THEN -abs(%s) ELSE %s END", ptn_text_str(&condition), ptn_text_str(&own), ptn_text_str(&own));
    else if (choice.repeated && order >= 0) {
        char *x = ptn_draft_column_text(t, (unsigned)order);
        ptn_text_addf(&sql, "CASE WHEN row_number() OVER (PARTITION BY %s) = 1 THEN %s ELSE 0 END", x ? x : "", ptn_text_str(&own));
        free(x);
    } else {
        ptn_text_add(&sql, ptn_text_str(&own));
    }
    ptn_draft_part_add(t, "amount", sql.data ? strdup(sql.data) : NULL, NULL);
    if (choice.quantity >= 0) {
        ptn_text units = {0};
        PTN_TRY(signs_differ(draft, t, choice.quantity, ptn_text_str(&value), &differ, problem));
        if (differ || flag) {
            ptn_text number = {0};
            number_in_source(t, choice.quantity, true, &number);
            if (flag)
                ptn_text_addf(&units, "CASE WHEN %s THEN -abs(%s) ELSE %s END", ptn_text_str(&condition), ptn_text_str(&number), ptn_text_str(&number));
            else {
                ptn_text typed = {0};
                number_in_source(t, choice.amount >= 0 ? choice.amount : choice.price, true, &typed);
                ptn_text_addf(&units, "CASE WHEN %s < 0 THEN -abs(%s) ELSE abs(%s) END", ptn_text_str(&typed), ptn_text_str(&number), ptn_text_str(&number));
                ptn_text_free(&typed);
            }
            ptn_text_free(&number);
        } else {
            number_in_source(t, choice.quantity, false, &units);
        }
        ptn_draft_part_add(t, "quantity", units.data, differ && !flag ? strdup("returns count units back: the sign of the amount") : NULL);
    }

done:
    ptn_text_free(&value);
    ptn_text_free(&sql);
    ptn_text_free(&own);
    ptn_text_free(&condition);
    ptn_text_free(&taken);
    return status;
}
