/* How a column writes its numbers and its moments, by what stands where in them; and the SQL that reads them. */
#include <stdio.h>
#include <string.h>

#include "draft_looks.h"

/* Nine in ten values: the rest are faults, and a build tells them one by one. */
static const double MOST = 0.9;

/* ---- numbers ---- */

static ptn_number_form number_form(const ptn_draft_column *c, bool commas_elsewhere)
{
    const ptn_looks *l = &c->looks;
    if (ptn_draft_type_is_number(c->type))
        return PTN_NUMBER_PLAIN;
    if (strcmp(c->type, "VARCHAR") != 0 || l->seen == 0 || l->moneylike < MOST * l->seen)
        return PTN_NUMBER_NONE;
    if (l->days + l->year_first + l->phone > 0.5 * l->seen || l->compact > 0.98 * l->seen)
        return PTN_NUMBER_NONE;
    const double comma = l->comma_end + l->comma_last, point = l->point_end + l->point_last;
    if (comma > point)
        return PTN_NUMBER_COMMA;
    /* 1.234 and nothing that tells: thousands where the file writes decimal commas elsewhere */
    if (point == 0 && l->comma_three == 0 && l->point_three > 0 && commas_elsewhere && l->point_three + l->whole >= l->seen)
        return PTN_NUMBER_COMMA;
    if (point == 0 && l->comma_three > 0 && commas_elsewhere)
        return PTN_NUMBER_COMMA;
    return l->plain >= l->seen ? PTN_NUMBER_PLAIN : l->marked > 0 ? PTN_NUMBER_POINT : PTN_NUMBER_PLAIN;
}

void ptn_draft_number_sql(const ptn_draft_column *c, const char *x, bool typed, ptn_text *sql)
{
    const ptn_looks *l = &c->looks;
    const bool plain = c->number == PTN_NUMBER_PLAIN, comma = c->number == PTN_NUMBER_COMMA, minus = !plain && l->brackets > 0;
    const bool points = comma && l->comma_last + l->point_three > 0;                                      /* 1.234,50 */
    const bool commas = c->number == PTN_NUMBER_POINT && l->point_last + l->comma_three + l->comma_end > 0; /* 1,234.50 */
    ptn_text text = {0};
    if (minus) /* (12.50), 12.50- and the typographer's minus */
        ptn_text_addf(&text, "CASE WHEN regexp_matches(%s, '^[(−]|-$') THEN '-' ELSE '' END || ", x);
    ptn_text_add(&text, points ? "replace(replace(" : comma || commas ? "replace(" : "");
    if (!plain && (l->odd > 0 || minus))
        ptn_text_addf(&text, "regexp_replace(%s, '[^0-9,.%s]', '', 'g')", x, minus ? "" : "-");
    else
        ptn_text_add(&text, x);
    ptn_text_add(&text, points ? ", '.', ''), ',', '.')" : comma ? ", ',', '.')" : commas ? ", ',', '')" : "");
    if (typed && (!plain || strcmp(c->type, "VARCHAR") == 0))
        ptn_text_addf(sql, minus ? "(%s)::DECIMAL(18, 6)" : "%s::DECIMAL(18, 6)", ptn_text_str(&text));
    else
        ptn_text_add(sql, ptn_text_str(&text));
    sql->failed |= text.failed;
    ptn_text_free(&text);
}

/* ---- moments ---- */

/* What follows a date, with runs of digits as 9, as strptime writes it. */
static const char *tail_format(const char *tail)
{
    static const char *const tails[][2] = {
        {"", ""},
        {" 9:9", " %H:%M"},
        {" 9:9:9", " %H:%M:%S"},
        {" 9:9:9.9", " %H:%M:%S.%f"},
        {"T9:9", "T%H:%M"},
        {"T9:9:9", "T%H:%M:%S"},
        {"T9:9:9.9", "T%H:%M:%S.%f"},
        {", 9:9", ", %H:%M"},
        {", 9:9:9", ", %H:%M:%S"},
        {" 9:9 AM", " %I:%M %p"},
        {" 9:9 PM", " %I:%M %p"},
        {" 9:9:9 AM", " %I:%M:%S %p"},
        {" 9:9:9 PM", " %I:%M:%S %p"},
        {" 9:9 am", " %I:%M %p"},
        {" 9:9 pm", " %I:%M %p"},
        {", 9:9 AM", ", %I:%M %p"},
        {", 9:9 PM", ", %I:%M %p"},
        {" 9:9:9Z", " %H:%M:%SZ"},
        {"T9:9:9Z", "T%H:%M:%SZ"},
        {" 9:9:9 +9", " %H:%M:%S %z"},
        {" 9:9:9 -9", " %H:%M:%S %z"},
        {"T9:9:9+9", "T%H:%M:%S%z"},
        {"T9:9:9-9", "T%H:%M:%S%z"},
    };
    for (unsigned i = 0; i < sizeof tails / sizeof *tails; i++)
        if (strcmp(tail, tails[i][0]) == 0)
            return tails[i][1];
    return NULL;
}

/* The one format, or a list where some years have two digits or some dates stand without a time. */
static void set_format(ptn_draft_column *c, const char *days, const char *year)
{
    const ptn_looks *l = &c->looks;
    const char *tail = tail_format(l->tail);
    const double all = l->days + l->month_name + l->year_first;
    const bool years = *year && l->long_year > 0 && l->long_year < l->days + l->month_name, times = tail && *tail && l->timed < all;
    const char *other = "%Y";
    if (years)
        year = "%y"; /* first: a year of four digits is none of two, but 23 would be the year 23 */
    tail = tail ? tail : "";
    if (years && times)
        snprintf(c->format, sizeof c->format, "['%s%s%s', '%s%s%s', '%s%s', '%s%s']", days, year, tail, days, other, tail, days, year, days,
                 other);
    else if (years)
        snprintf(c->format, sizeof c->format, "['%s%s%s', '%s%s%s']", days, year, tail, days, other, tail);
    else if (times)
        snprintf(c->format, sizeof c->format, "['%s%s%s', '%s%s']", days, year, tail, days, year);
    else
        snprintf(c->format, sizeof c->format, "'%s%s%s'", days, year, tail);
}

/* Of day and month, which comes first? A 13th month decides; where there is none, how the rest of the file is written. */
static void decide_order(ptn_draft_table *t, ptn_draft_column *c, const char *dates)
{
    const ptn_looks *l = &c->looks;
    if (dates) {
        c->order = strcmp(dates, "dmy") == 0 ? PTN_DAYS_DAY_FIRST : PTN_DAYS_MONTH_FIRST;
        snprintf(c->order_why, sizeof c->order_why, "--dates %s says so", dates);
        return;
    }
    if (l->first_over > 0 && l->second_over <= l->first_over / 100) {
        c->order = PTN_DAYS_DAY_FIRST;
        snprintf(c->order_why, sizeof c->order_why, "day/month/year, as there is no month 13");
    } else if (l->second_over > 0 && l->first_over <= l->second_over / 100) {
        c->order = PTN_DAYS_MONTH_FIRST;
        snprintf(c->order_why, sizeof c->order_why, "month/day/year, as there is no month 13");
    } else if (l->separator[0] == '.') {
        c->order = PTN_DAYS_DAY_FIRST;
        snprintf(c->order_why, sizeof c->order_why, "day.month.year, as always with points");
    } else if (t->kind == PTN_DRAFT_CSV && strcmp(t->delimiter, ";") == 0 && l->first_over + l->second_over == 0) {
        c->order = PTN_DAYS_DAY_FIRST;
        snprintf(c->order_why, sizeof c->order_why, "day/month/year, as in files written with ;");
    } else {
        c->order = PTN_DAYS_EITHER;
    }
}

static void moment_form(ptn_draft_table *t, ptn_draft_column *c, const char *dates, double least)
{
    const ptn_looks *l = &c->looks;
    const char *type = c->type;
    const double enough = least * l->seen;
    if (strncmp(type, "TIMESTAMP", 9) == 0 || strcmp(type, "DATE") == 0) {
        c->moment = PTN_MOMENT_TYPED;
        return;
    }
    if (l->seen == 0)
        return;
    if (strcmp(type, "VARCHAR") == 0 && l->iso >= enough) {
        c->moment = PTN_MOMENT_ISO;
    } else if (strcmp(type, "VARCHAR") == 0 && l->days > 0 && l->days + l->iso >= enough) {
        char days[24];
        c->moment = l->iso > 0 ? PTN_MOMENT_MIXED : PTN_MOMENT_FORMAT;
        decide_order(t, c, dates);
        const char *s = l->separator;
        if (c->order == PTN_DAYS_MONTH_FIRST)
            snprintf(days, sizeof days, "%%m%s%%d%s", s, s);
        else
            snprintf(days, sizeof days, "%%d%s%%m%s", s, s);
        set_format(c, days, l->long_year > 0 ? "%Y" : "%y");
    } else if (strcmp(type, "VARCHAR") == 0 && l->month_name >= enough) {
        char days[24];
        const char *month = l->long_month > l->seen / 3 ? "%B" : "%b"; /* May is both */
        const char *s = strchr(l->common, '-') ? "-" : " ";
        c->moment = PTN_MOMENT_FORMAT;
        if (l->name_first > l->seen / 2)
            snprintf(days, sizeof days, "%s%s%%d%s", month, s, strchr(l->common, ',') ? ", " : s);
        else
            snprintf(days, sizeof days, "%%d%s%s%s", s, month, s);
        set_format(c, days, l->long_year > 0 ? "%Y" : "%y");
    } else if (strcmp(type, "VARCHAR") == 0 && l->year_first >= enough && tail_format(l->tail)) {
        char days[24];
        c->moment = PTN_MOMENT_FORMAT;
        snprintf(days, sizeof days, "%%Y%s%%m%s%%d", l->separator, l->separator);
        set_format(c, days, "");
    } else if (l->compact >= 0.98 * l->seen) {
        c->moment = PTN_MOMENT_FORMAT;
        snprintf(c->format, sizeof c->format, "'%%Y%%m%%d'");
    } else if (l->seconds >= 0.98 * l->seen) {
        c->moment = PTN_MOMENT_SECONDS;
    } else if (l->milliseconds >= 0.98 * l->seen) {
        c->moment = PTN_MOMENT_MILLISECONDS;
    }
}

void ptn_draft_moment_sql(const ptn_draft_column *c, const char *x, bool looking, ptn_text *sql)
{
    const bool text = looking || strcmp(c->type, "VARCHAR") == 0;
    switch (c->moment) {
    case PTN_MOMENT_NONE: ptn_text_add(sql, "NULL"); break;
    case PTN_MOMENT_TYPED:
    case PTN_MOMENT_ISO:
        ptn_text_addf(sql, looking ? "TRY_CAST(%s AS TIMESTAMP)" : "%s", x);
        break;
    case PTN_MOMENT_FORMAT:
        ptn_text_addf(sql, "%sstrptime(%s%s, %s)", looking ? "try_" : "", x, text ? "" : "::VARCHAR", c->format);
        break;
    case PTN_MOMENT_MIXED: ptn_text_addf(sql, "coalesce(TRY_CAST(%s AS TIMESTAMP), try_strptime(%s, %s))", x, x, c->format); break;
    case PTN_MOMENT_SECONDS: ptn_text_addf(sql, looking ? "to_timestamp(TRY_CAST(%s AS DOUBLE))" : "to_timestamp(%s%s)", x, text ? "::DOUBLE" : ""); break;
    case PTN_MOMENT_MILLISECONDS: ptn_text_addf(sql, looking ? "epoch_ms(TRY_CAST(%s AS BIGINT))" : "epoch_ms(%s%s)", x, text ? "::BIGINT" : ""); break;
    }
}

void ptn_draft_forms(ptn_draft_table *t, const char *dates)
{
    bool commas = t->kind == PTN_DRAFT_CSV && strcmp(t->delimiter, ";") == 0;
    for (unsigned i = 0; i < t->column_count; i++) {
        const ptn_looks *l = &t->columns[i].looks;
        commas |= l->moneylike >= MOST * l->seen && l->comma_end > l->point_end;
    }
    for (unsigned i = 0; i < t->column_count; i++) {
        moment_form(t, &t->columns[i], dates, MOST);
        t->columns[i].number = number_form(&t->columns[i], commas);
    }
}

void ptn_draft_moment_set(ptn_draft_table *t, unsigned column, const char *dates, bool said)
{
    moment_form(t, &t->columns[column], dates, said ? 0.5 : MOST);
}
