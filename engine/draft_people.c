/* Which column says what of a person; which table has the rates of currencies. */
#include "draft_people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draft_columns.h"
#include "draft_looks.h"
#include "draft_names.h"
#include "draft_scan.h"

static const struct {
    const char *part;
    ptn_hint hint;
    int least;
} person_parts[] = {
    {"email", PTN_HINT_EMAIL, 2},         {"phone", PTN_HINT_PHONE, 2},         {"given_name", PTN_HINT_GIVEN_NAME, 3},
    {"family_name", PTN_HINT_FAMILY_NAME, 3}, {"name", PTN_HINT_NAME, 3},       {"birth_date", PTN_HINT_BIRTH_DATE, 2},
    {"street", PTN_HINT_STREET, 2},       {"city", PTN_HINT_CITY, 2},           {"postcode", PTN_HINT_POSTCODE, 2},
    {"country", PTN_HINT_COUNTRY, 2},     {"household", PTN_HINT_HOUSEHOLD, 3}, {"company", PTN_HINT_COMPANY, 2},
    {"updated_at", PTN_HINT_UPDATED, 3},
};

static bool fits(const ptn_draft_column *c, ptn_hint hint)
{
    const ptn_looks *l = &c->looks;
    if (c->filled == 0)
        return false;
    switch (hint) {
    case PTN_HINT_EMAIL: return ptn_share(l->email, l->seen) > 0.5;
    case PTN_HINT_PHONE: return ptn_share(l->phone + l->whole, l->seen) > 0.5;
    case PTN_HINT_BIRTH_DATE:
    case PTN_HINT_UPDATED: return c->moment != PTN_MOMENT_NONE && c->order != PTN_DAYS_EITHER;
    case PTN_HINT_POSTCODE: return c->moment == PTN_MOMENT_NONE || c->looks.compact > 0;
    default: return c->moment == PTN_MOMENT_NONE && ptn_share(l->letters, l->seen) > 0.5;
    }
}

/* The column for a part: by its name, or an e-mail address by its looks. */
static int column_for(const ptn_draft_table *t, ptn_hint hint, int least)
{
    int best = -1, top = least - 1;
    for (unsigned i = 0; i < t->column_count; i++) {
        int score = ptn_draft_hint(t->columns[i].name, hint);
        if (hint == PTN_HINT_EMAIL && ptn_share(t->columns[i].looks.email, t->columns[i].looks.seen) > 0.9)
            score = 5;
        if (!t->used[i] && score > top && fits(&t->columns[i], hint)) {
            top = score;
            best = (int)i;
        }
    }
    return best;
}

/* What names a person: a key that hardly repeats. */
static int key_of(const ptn_draft_table *t)
{
    int best = -1;
    double top = 0.9;
    for (unsigned i = 0; i < t->column_count; i++) {
        const ptn_draft_column *c = &t->columns[i];
        if (t->used[i] || c->filled < 0.9 * (double)t->rows || c->different < 0.8 * c->filled
            || (c->moment != PTN_MOMENT_NONE && c->moment < PTN_MOMENT_SECONDS && c->looks.compact == 0)
            || (c->number != PTN_NUMBER_NONE && !ptn_draft_is_whole(c)))
            continue;
        const int hint = ptn_draft_hint(c->name, PTN_HINT_CUSTOMER);
        double score = hint + (strcasestr(c->name, "id") || strcasestr(c->name, "no") || strcasestr(c->name, "nr") || strcasestr(c->name, "key") ? 1.5 : 0)
                       - (ptn_share(c->looks.email, c->looks.seen) > 0.5 ? 1 : 0) - (c->looks.blanks > 0.5 * c->looks.seen ? 3 : 0)
                       - (ptn_share(c->looks.phone, c->looks.seen) > 0.5 ? 3 : 0) + (i == 0 ? 0.5 : 0);
        if (ptn_draft_hint(c->name, PTN_HINT_PHONE) >= 2 || ptn_draft_hint(c->name, PTN_HINT_STREET) >= 2)
            score -= 4;
        if (score > top) {
            top = score;
            best = (int)i;
        }
    }
    return best;
}

unsigned ptn_draft_people_columns(const ptn_draft_table *t)
{
    unsigned count = 0;
    for (unsigned k = 0; k < sizeof person_parts / sizeof *person_parts; k++)
        if (strcmp(person_parts[k].part, "country") != 0 && strcmp(person_parts[k].part, "updated_at") != 0)
            count += column_for(t, person_parts[k].hint, person_parts[k].least) >= 0;
    return count && key_of(t) >= 0 ? count : 0;
}

/* How many of the ledger's customers there are, and how many of them stand in a column. */
static patron_status shared_keys(ptn_draft *draft, const ptn_draft_table *t, unsigned column, const ptn_draft_table *ledger, int64_t *shared,
                                 int64_t *all, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    *shared = *all = 0;
    ptn_text_add(&sql, "SELECT count(*) FILTER (key IN (SELECT trim(");
    ptn_text_add_ident(&sql, t->columns[column].name);
    ptn_text_add(&sql, "::VARCHAR) FROM ");
    ptn_draft_scan_for_looking(t, &sql);
    ptn_text_add(&sql, "))::BIGINT, count(*)::BIGINT FROM (SELECT DISTINCT trim(");
    ptn_text_add_ident(&sql, ledger->columns[ledger->key].name);
    ptn_text_add(&sql, "::VARCHAR) AS key FROM ");
    ptn_draft_scan_for_looking(ledger, &sql);
    ptn_text_add(&sql, ") WHERE key <> ''");
    PTN_TRY(ptn_store_query(draft->store, ptn_text_str(&sql), &rows, problem));
    if (ptn_rows_next(rows)) {
        *shared = ptn_rows_int(rows, 0);
        *all = ptn_rows_int(rows, 1);
    }

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

static void add_part(ptn_draft_table *t, const char *part, int column)
{
    const ptn_draft_column *c = &t->columns[column];
    char *x = ptn_draft_column_text(t, (unsigned)column);
    ptn_text sql = {0};
    if ((strcmp(part, "birth_date") == 0 || strcmp(part, "updated_at") == 0) && c->moment >= PTN_MOMENT_FORMAT) {
        t->text_only |= t->kind == PTN_DRAFT_CSV;
        ptn_draft_moment_sql(c, x ? x : "", false, &sql);
        if (strcmp(part, "birth_date") == 0)
            ptn_text_add(&sql, "::DATE");
    } else {
        t->text_only |= t->kind == PTN_DRAFT_CSV && c->looks.zeros_first > 0;
        ptn_text_add(&sql, x ? x : "");
    }
    free(x);
    ptn_draft_part_add(t, part, sql.data, c->order_why[0] ? strdup(c->order_why) : NULL);
    t->used[column] = true;
}

patron_status ptn_draft_people(ptn_draft *draft, ptn_draft_table *t, const ptn_draft_options *options, const ptn_draft_table *ledger,
                               ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char shown[100], other[100], values[40], all[40];
    int64_t common = 0, customers = 0;
    int key = options->customer ? ptn_draft_column_at(t, options->customer) : -1;
    const bool said = key >= 0;
    if (!said && ledger && ledger->key >= 0) /* whichever column has the ledger's customers */
        for (unsigned i = 0; i < t->column_count; i++) {
            int64_t here;
            if (t->columns[i].different < 0.5 * t->columns[i].filled || t->columns[i].filled == 0)
                continue;
            PTN_TRY(shared_keys(draft, t, i, ledger, &here, &customers, problem));
            if (here > common && (double)here > 0.2 * (double)customers) {
                common = here;
                key = (int)i;
            }
        }
    if (key < 0)
        key = key_of(t);
    if (key < 0) {
        t->stream = NULL;
        snprintf(t->why_not, sizeof t->why_not, "no column names each person once");
        goto done;
    }
    t->key = key;
    add_part(t, "customer", key);
    ptn_draft_count_text(t->columns[key].different, values, sizeof values);
    if (common > 0)
        ptn_draft_say(t, "customer", ptn_draft_shown(&t->columns[key], shown, sizeof shown), (double)common > 0.8 * (double)customers ? PTN_SURE_YES : PTN_SURE_LOOK,
                      "%s of the %s customers of %s stand in it", ptn_draft_count_text((double)common, values, sizeof values),
                      ptn_draft_count_text((double)customers, all, sizeof all), ledger->label);
    else
        ptn_draft_say(t, "customer", ptn_draft_shown(&t->columns[key], shown, sizeof shown),
                      ledger ? PTN_SURE_NOT : said ? PTN_SURE_YES : PTN_SURE_LOOK, "%s values, one a row%s%s", values,
                      ledger ? "; none is a customer of " : "", ledger ? ledger->label : "");
    ptn_text parts = {0}, columns = {0};
    for (unsigned k = 0; k < sizeof person_parts / sizeof *person_parts; k++) {
        const int at = column_for(t, person_parts[k].hint, person_parts[k].least);
        if (at < 0)
            continue;
        add_part(t, person_parts[k].part, at);
        ptn_text_addf(&parts, "%s%s", parts.length ? ", " : "", person_parts[k].part);
        ptn_text_addf(&columns, "%s%s", columns.length ? ", " : "", ptn_draft_shown(&t->columns[at], other, sizeof other));
    }
    if (columns.length)
        ptn_draft_say(t, "about them", ptn_text_str(&columns), PTN_SURE_YES, "%s", ptn_text_str(&parts));
    ptn_text_free(&parts);
    ptn_text_free(&columns);

done:
    return status;
}

static int rate_columns(const ptn_draft_table *t, int *day, int *code)
{
    int rate = -1;
    *day = *code = -1;
    for (unsigned i = 0; i < t->column_count; i++) {
        const ptn_draft_column *c = &t->columns[i];
        if (c->moment != PTN_MOMENT_NONE && c->order != PTN_DAYS_EITHER && *day < 0 && c->moment < PTN_MOMENT_SECONDS)
            *day = (int)i;
        else if (ptn_share(c->looks.code, c->looks.seen) > 0.95 && *code < 0)
            *code = (int)i;
        else if (c->number != PTN_NUMBER_NONE && ptn_draft_hint(c->name, PTN_HINT_RATE) >= 2 && rate < 0)
            rate = (int)i;
    }
    return *day >= 0 && *code >= 0 ? rate : -1;
}

bool ptn_draft_is_rates(const ptn_draft_table *t)
{
    int day, code;
    return t->column_count <= 8 && rate_columns(t, &day, &code) >= 0;
}

patron_status ptn_draft_rates(ptn_draft_table *t)
{
    int day, code;
    char shown[100];
    const int rate = rate_columns(t, &day, &code);
    ptn_text sql = {0}, when = {0};
    char *x = ptn_draft_column_text(t, (unsigned)day);
    t->text_only |= t->kind == PTN_DRAFT_CSV && (t->columns[day].moment >= PTN_MOMENT_FORMAT || t->columns[rate].number != PTN_NUMBER_PLAIN);
    ptn_draft_moment_sql(&t->columns[day], x ? x : "", false, &when);
    free(x);
    ptn_draft_part_add(t, "valid_from", when.data, NULL);
    ptn_draft_part_add(t, "currency", ptn_draft_column_text(t, (unsigned)code), NULL);
    x = ptn_draft_column_text(t, (unsigned)rate);
    ptn_draft_number_sql(&t->columns[rate], x ? x : "", false, &sql);
    free(x);
    ptn_draft_part_add(t, "rate", sql.data, strdup("of the project's currency for one of these; if it is the other way: 1 / rate"));
    t->used[day] = t->used[code] = t->used[rate] = true;
    ptn_draft_say(t, "rate", ptn_draft_shown(&t->columns[rate], shown, sizeof shown), PTN_SURE_LOOK, "taken as the project's currency for one of the other");
    return PATRON_OK;
}
