#include "scan_leaf.h"

#include <stdio.h>

static bool is_plain_star(const json_t *item)
{
    return is(item, "class", "STAR") && !json_object_get(item, "expr")
           && !json_is_true(json_object_get(item, "columns"));
}

/* An aggregate, or an expression that means something else when its table has two more columns. */
static bool depends_on_others(const json_t *tree, const char *alias)
{
    static const char *const aggregates[] = {
        "sum", "sum_no_overflow", "fsum", "avg", "mean", "favg", "min", "max", "count", "count_star",
        "countif", "count_if", "first", "last", "any_value", "arbitrary", "arg_min", "arg_max", "argmin",
        "argmax", "min_by", "max_by", "median", "mode", "mad", "quantile", "quantile_cont", "quantile_disc",
        "stddev", "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp", "list", "array_agg",
        "string_agg", "group_concat", "listagg", "bool_and", "bool_or", "bit_and", "bit_or", "bit_xor",
        "product", "histogram", "approx_count_distinct", "approx_quantile"};
    size_t i;
    json_t *item;
    if (json_is_array(tree)) {
        json_array_foreach(tree, i, item) if (depends_on_others(item, alias)) return true;
        return false;
    }
    if (!json_is_object(tree) || is(tree, "class", "SUBQUERY"))
        return false;
    if (is(tree, "class", "STAR") || is(tree, "class", "POSITIONAL_REFERENCE"))
        return true;
    const json_t *names = json_object_get(tree, "column_names");
    if (json_array_size(names) == 1
        && has_word(names, alias)) /* SELECT t FROM 'a.csv' t: the row as a struct */
        return true;
    if (is(tree, "class", "FUNCTION")
        && (among(word(tree, "function_name"), aggregates, COUNT(aggregates))
            || json_object_get(tree, "filter") || json_object_get(tree, "distinct")))
        return true;
    const char *key;
    json_object_foreach((json_t *)tree, key, item) if (depends_on_others(item, alias)) return true;
    return false;
}

static bool has_distinct(const json_t *node)
{
    size_t i;
    json_t *modifier;
    json_array_foreach(json_object_get(node, "modifiers"), i,
                       modifier) if (!is(modifier, "type", "ORDER_MODIFIER")
                                     && !is(modifier, "type", "LIMIT_MODIFIER")) return true;
    return false;
}

/* Only keys known to keep rows apart: GROUP BY, HAVING, USING SAMPLE and what later versions bring are not. */
static bool has_only(const json_t *object, const char *const *keys, size_t count)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value) if (!among(key, keys, count)) return false;
    return true;
}

/* Each row of such a join has one row of the left side in it. */
static bool keeps_left(const json_t *join)
{
    static const char *const kinds[] = {"INNER", "LEFT", "SEMI", "ANTI"};
    static const char *const refs[] = {"REGULAR", "CROSS", "ASOF", "DEPENDENT"};
    return among(word(join, "join_type"), kinds, COUNT(kinds))
           && among(word(join, "ref_type"), refs, COUNT(refs)) && !json_object_get(join, "sample")
           && !json_object_get(join, "column_name_alias");
}

ptn_scan_leaf ptn_scan_leaf_of(const ptn_survey *s, json_t *node)
{
    static const char *const keys[] = {"type",       "modifiers",    "cte_map", "select_list",
                                       "from_table", "where_clause", "qualify", "aggregate_handling"};
    const ptn_scan_leaf none = {0};
    ptn_scan_leaf out = {0};
    if (!is(node, "type", "SELECT_NODE") || !is(node, "aggregate_handling", "STANDARD_HANDLING")
        || has_distinct(node) || !has_only(node, keys, COUNT(keys)))
        return none;
    json_t *table = json_object_get(node, "from_table");
    for (; is(table, "type", "JOIN"); table = json_object_get(table, "left"))
        if (!keeps_left(table))
            return none;
    if (!table || json_object_get(table, "sample"))
        return none;
    char room[512];
    snprintf(out.alias, sizeof out.alias, "%s", ptn_tree_table_alias(table, room, sizeof room));

    size_t i;
    json_t *item;
    json_array_foreach(
        json_object_get(node, "select_list"), i,
        item) if (!is_plain_star(item)
                      ? depends_on_others(item, out.alias)
                      : depends_on_others(json_object_get(item, "replace_list"), out.alias)) return none;
    if (depends_on_others(json_object_get(node, "where_clause"), out.alias)
        || depends_on_others(json_object_get(node, "qualify"), out.alias)
        || depends_on_others(json_object_get(node, "modifiers"), out.alias))
        return none;

    out.table = table;
    out.renamed = json_array_size(json_object_get(table, "column_name_alias")) > 0;
    const ptn_cte *named = ptn_tree_cte_of(s, table);
    if (named && named->uses == 1) {
        out.query = json_object_get(json_object_get(named->definition, "query"), "node");
        out.renamed |= json_array_size(json_object_get(named->definition, "aliases")) > 0;
    } else if (is(table, "type", "SUBQUERY")) {
        out.query = json_object_get(json_object_get(table, "subquery"), "node");
    }
    return out;
}

bool ptn_scan_is_union_all(const json_t *node)
{
    static const char *const keys[] = {"type", "modifiers", "cte_map",  "setop_type",
                                       "left", "right",     "setop_all"};
    return is(node, "type", "SET_OPERATION_NODE") && !has_distinct(node) && has_only(node, keys, COUNT(keys))
           && !json_is_false(json_object_get(node, "setop_all"))
           && (is(node, "setop_type", "UNION") || is(node, "setop_type", "UNION_BY_NAME"));
}

bool ptn_scan_is_star_of(const json_t *item, const ptn_scan_leaf *from)
{
    return is_plain_star(item)
           && (!*word(item, "relation_name") || strcasecmp(word(item, "relation_name"), from->alias) == 0);
}

void ptn_scan_hide_from_stars(ptn_survey *s, json_t *node, const ptn_scan_leaf *from, const char *name)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(node, "select_list"), i, item)
    {
        if (!ptn_scan_is_star_of(item, from))
            continue;
        if (!json_object_get(item, "exclude_list"))
            put(s, item, "exclude_list", json_array());
        add_word(s, json_object_get(item, "exclude_list"), name);
    }
}
