/* Which rows are returns: a column that says so, or the letters that their orders begin with. */
#include "draft_returns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "draft_columns.h"
#include "draft_looks.h"
#include "draft_names.h"

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
/* The order itself was paid back: it came and went. "refund" and the like name a row of its own, which takes money out. */
static const char undone[] = "refunded returned reversed charged erstattet retourniert storniert rembours reembolsad devuelt rimborsat";
static const char in_part[] = "part teil parci parzial";
static const char states[] = "status state zustand statut stato estado";
static const char cancelled[] = "cancel fail declin void annul abgebroch abandon pending expired";

/* A column of few words, one of which says that money went back. Yes and no do, under a name that says refund. */
patron_status ptn_draft_look_for_flag(ptn_draft *draft, ptn_draft_table *t, const char *amount, ptn_text *condition, bool *found, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    *found = false;
    for (unsigned i = 0; i < t->column_count && !*found; i++) {
        const ptn_draft_column *c = &t->columns[i];
        const int hint = ptn_draft_hint(c->name, PTN_HINT_KIND);
        const bool truth = ptn_share(c->looks.truth, c->looks.seen) > 0.99;
        ptn_text sql = {0}, words = {0};
        ptn_rows *rows = NULL;
        bool state = !truth && word_in(c->name, states);
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
            const bool goes_back = truth ? word_in(value, "true yes 1") || strcasecmp(value, "y") == 0 || strcasecmp(value, "t") == 0 : word_in(value, returned) && !word_in(value, in_part);
            if (goes_back) {
                ptn_text_add(&words, words.length ? ", " : "");
                ptn_text_add_literal(&words, value);
                back += lines;
                back_above += (double)ptn_rows_int(rows, 2);
                state &= word_in(value, undone);
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
            state &= back_above > 0 && !t->filter;
            *found = back_above > 0 && !state; /* where they are below 0 already, the sign says it all */
            if (state) {
                char note[200];
                ptn_text filter = {0};
                ptn_text_addf(&filter, "coalesce(%s::VARCHAR, '') NOT IN (%s)", x ? x : "", ptn_text_str(&words));
                t->filter = filter.data;
                snprintf(note, sizeof note, "%s orders were paid back", ptn_draft_count_text(back, a, sizeof a));
                t->filter_note = strdup(note);
            } else if (*found && !ptn_draft_type_is_number(c->type) && strcmp(c->type, "BOOLEAN") != 0 && !(truth && t->kind == PTN_DRAFT_CSV))
                ptn_text_addf(condition, "%s IN (%s)", x ? x : "", ptn_text_str(&words));
            else if (*found)
                ptn_text_addf(condition, "%s::VARCHAR IN (%s)", x ? x : "", ptn_text_str(&words));
            free(x);
            ptn_draft_say(t, "kind", shown, PTN_SURE_LOOK, "%s rows say %s: %s; rest: sale", ptn_draft_count_text(back, a, sizeof a), ptn_text_str(&words),
                          state ? "paid back, so left out by the WHERE" : back_above > 0 ? "refund, so made negative" : "refund, and below 0");
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
patron_status ptn_draft_look_for_prefix(ptn_draft *draft, ptn_draft_table *t, int order, const char *amount, ptn_problem *problem)
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
