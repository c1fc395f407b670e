#include "draft_columns.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "draft_looks.h"

bool ptn_draft_is_whole(const ptn_draft_column *c)
{
    return ptn_draft_type_is_number(c->type) ? strstr(c->type, "INT") || ptn_share(c->looks.whole, c->looks.seen) >= 1
                                             : ptn_share(c->looks.whole, c->looks.seen) > 0.98;
}

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

patron_status ptn_draft_named(const ptn_draft *draft, const ptn_draft_table *t, const char *option, const char *given, int *at,
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

patron_status ptn_draft_no_part(const ptn_draft_table *t, const char *part, const char *why, const char *option, ptn_problem *problem)
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

/* ---- by a score ---- */

int ptn_draft_best(const ptn_draft_table *t, double (*score)(const ptn_draft_table *, unsigned), double *lead, int *second)
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
