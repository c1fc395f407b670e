#include "scan_origin.h"

#include <stdio.h>

/* ---- which rows descend from which ---- */

/* Where a SELECT_NODE's rows come from: the leftmost table of its FROM. */
typedef struct leaf {
    json_t *table;   /* NULL: rows do not descend one by one from a table */
    json_t *query;   /* the query node behind it when it is a subquery, or a CTE used once; else NULL */
    bool renamed;    /* a list of column names stands between the query and this SELECT */
    char alias[512]; /* what qualified columns call it */
} leaf;

static bool is_plain_star(const json_t *item)
{
    return is(item, "class", "STAR") && !json_object_get(item, "expr")
           && !json_is_true(json_object_get(item, "columns"));
}

/* An aggregate, or an expression that means something else when its table has two more columns. */
static bool depends_on_others(const json_t *tree, const char *alias)
{
    static const char *const aggregates[] = {"sum",
                                             "sum_no_overflow",
                                             "fsum",
                                             "avg",
                                             "mean",
                                             "favg",
                                             "min",
                                             "max",
                                             "count",
                                             "count_star",
                                             "countif",
                                             "count_if",
                                             "first",
                                             "last",
                                             "any_value",
                                             "arbitrary",
                                             "arg_min",
                                             "arg_max",
                                             "argmin",
                                             "argmax",
                                             "min_by",
                                             "max_by",
                                             "median",
                                             "mode",
                                             "mad",
                                             "quantile",
                                             "quantile_cont",
                                             "quantile_disc",
                                             "stddev",
                                             "stddev_pop",
                                             "stddev_samp",
                                             "variance",
                                             "var_pop",
                                             "var_samp",
                                             "list",
                                             "array_agg",
                                             "string_agg",
                                             "group_concat",
                                             "listagg",
                                             "bool_and",
                                             "bool_or",
                                             "bit_and",
                                             "bit_or",
                                             "bit_xor",
                                             "product",
                                             "histogram",
                                             "approx_count_distinct",
                                             "approx_quantile"};
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

static leaf leaf_of(const ptn_survey *s, json_t *node)
{
    static const char *const keys[] = {"type",       "modifiers",    "cte_map", "select_list",
                                       "from_table", "where_clause", "qualify", "aggregate_handling"};
    const leaf none = {0};
    leaf out = {0};
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

static bool is_union_all(const json_t *node)
{
    static const char *const keys[] = {"type", "modifiers", "cte_map",  "setop_type",
                                       "left", "right",     "setop_all"};
    return is(node, "type", "SET_OPERATION_NODE") && !has_distinct(node) && has_only(node, keys, COUNT(keys))
           && !json_is_false(json_object_get(node, "setop_all"))
           && (is(node, "setop_type", "UNION") || is(node, "setop_type", "UNION_BY_NAME"));
}

/* A star of this SELECT that gives the columns of the leaf. */
static bool is_star_of(const json_t *item, const leaf *from)
{
    return is_plain_star(item)
           && (!*word(item, "relation_name") || strcasecmp(word(item, "relation_name"), from->alias) == 0);
}

/* The leaf has one more column; the stars of this SELECT go on as if it had not. */
static void hide_from_stars(ptn_survey *s, json_t *node, const leaf *from, const char *name)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(node, "select_list"), i, item)
    {
        if (!is_star_of(item, from))
            continue;
        if (!json_object_get(item, "exclude_list"))
            put(s, item, "exclude_list", json_array());
        add_word(s, json_object_get(item, "exclude_list"), name);
    }
}

/* ---- origin ---- */

/* Makes the scan tell its file; writes the column that has it, "" when that cannot be known. False when the user had
 * asked already. */
static bool ask_for_filename(ptn_survey *s, json_t *function, char *name, size_t size)
{
    const size_t index = ptn_tree_argument_index(function, "filename");
    if (index) {
        static const char *const yes[] = {"t", "true", "1", "y", "yes"}, *const no[] = {"f", "false", "0",
                                                                                        "n", "no"};
        ptn_tree_argument_text(function, index, name, size);
        if (among(name, yes, COUNT(yes)))
            snprintf(name, size, "filename");
        if (!among(name, no, COUNT(no)))
            return false;
        json_array_remove(json_object_get(function, "children"), index);
    }
    snprintf(name, size, "%s", s->names_filename ? "filename" : "patron_file");
    ptn_tree_add_argument(s, function, "filename", ptn_tree_text_constant(name));
    return true;
}

/* Rows of one file: counted as they come. Of several: counted from where the file's name last changed.
 * Both are streaming windows: nothing is held back or sorted. */
static json_t *number_rows(json_t *scan, json_t *hidden, json_t *file, bool several)
{
    json_t *count = ptn_tree_window("WINDOW_ROW_NUMBER", "row_number", json_array(), "CURRENT_ROW_RANGE");
    if (!several) {
        json_object_set_new(count, "alias", json_string("patron_row"));
        return ptn_tree_select_from(json_pack("[o,o,o]", ptn_tree_star_without(hidden), file, count), scan);
    }
    json_object_set_new(count, "alias", json_string("patron_nth"));
    json_t *before = json_deep_copy(file);
    json_object_del(before, "alias");
    before = ptn_tree_window("WINDOW_LAG", "lag", json_pack("[o]", before), "CURRENT_ROW_RANGE");
    json_object_set_new(before, "alias", json_string("patron_before"));
    json_t *counted = ptn_tree_select_from(
        json_pack("[o,o,o,o]", ptn_tree_star_without(hidden), file, count, before), scan);

    json_t *changed =
        json_pack("{s:s,s:s,s:o,s:o}", "class", "COMPARISON", "type", "COMPARE_DISTINCT_FROM", "left",
                  ptn_tree_column("patron_before", ""), "right", ptn_tree_column("patron_file", ""));
    json_t *start = json_pack("{s:s,s:s,s:[{s:o,s:o}],s:o}", "class", "CASE", "type", "CASE_EXPR",
                              "case_checks", "when_expr", changed, "then_expr",
                              ptn_tree_column("patron_nth", ""), "else_expr", ptn_tree_null_constant());
    start = ptn_tree_window("WINDOW_AGGREGATE", "max", json_pack("[o]", start), "CURRENT_ROW_ROWS");
    json_t *row = ptn_tree_operator2("+", ptn_tree_operator2("-", ptn_tree_column("patron_nth", ""), start),
                                     ptn_tree_whole_constant(1));
    json_object_set_new(row, "alias", json_string("patron_row"));
    json_t *excluded = json_pack("[s,s,s]", "patron_file", "patron_nth", "patron_before");
    return ptn_tree_select_from(
        json_pack("[o,o,o]", ptn_tree_star_without(excluded), ptn_tree_column("patron_file", ""), row),
        ptn_tree_subquery_table(counted));
}

/* Turns a file scan into a subquery of the same name with two more columns, last. */
static bool wrap_scan(ptn_survey *s, json_t *node, const leaf *from)
{
    const ptn_file_format format = ptn_tree_format_of_table(from->table);
    json_t *paths = format == PTN_FORMAT_NONE ? NULL : ptn_tree_paths_of(from->table);
    if (!paths)
        return false;
    const char *path = json_string_value(json_array_get(paths, 0));
    const bool several = json_array_size(paths) != 1 || ptn_tree_is_glob(path);
    json_t *scan = NULL, *file = NULL, *wrapped = NULL, *hidden = json_array();
    bool done = false, visible = false;
    if (several && format == PTN_FORMAT_XLSX)
        goto done; /* which of them cannot be told */

    char name[256] = "";
    ptn_tree_become_function(s, from->table);
    json_t *function = json_object_get(from->table, "function");
    if (format == PTN_FORMAT_XLSX) {
        file = ptn_tree_text_constant(path);
        put(s, file, "alias", json_string("patron_file"));
    } else {
        const bool ours = ask_for_filename(s, function, name, sizeof name);
        if (!*name)
            goto done;
        visible = ours && strcmp(name, "filename") == 0;
        file = ptn_tree_column(name, "patron_file");
        if (ours && !visible)
            add_word(s, hidden, name);
    }
    if (format == PTN_FORMAT_PARQUET && !ptn_tree_has_argument(function, "file_row_number")) {
        ptn_tree_add_argument(s, function, "file_row_number",
                              ptn_tree_cast(ptn_tree_text_constant("t"), "BOOLEAN"));
        add_word(s, hidden, "file_row_number");
    }

    scan = json_deep_copy(from->table);
    json_object_del(scan, "column_name_alias");
    if (format == PTN_FORMAT_PARQUET) {
        json_t *row =
            ptn_tree_operator2("+", ptn_tree_column("file_row_number", ""), ptn_tree_whole_constant(1));
        put(s, row, "alias", json_string("patron_row"));
        wrapped = ptn_tree_select_from(
            json_pack("[o,o,o]", ptn_tree_star_without(json_incref(hidden)), json_incref(file), row),
            json_incref(scan));
    } else {
        wrapped = number_rows(json_incref(scan), json_incref(hidden), json_incref(file), several);
    }
    json_t *renames = json_incref(json_object_get(from->table, "column_name_alias"));
    json_object_clear(from->table);
    put(s, from->table, "type", json_string("SUBQUERY"));
    put(s, from->table, "alias", json_string(from->alias));
    put(s, from->table, "subquery", json_pack("{s:O}", "node", wrapped));
    if (renames)
        put(s, from->table, "column_name_alias", renames);
    /* DuckDB's own column `filename`, which no star shows, is a real one now. */
    if (visible)
        hide_from_stars(s, node, from, "filename");
    done = true;

done:
    json_decref(paths);
    json_decref(hidden);
    json_decref(file);
    json_decref(scan);
    json_decref(wrapped);
    return done;
}

/* ---- rows and their neighbours ---- */

/* Reads nothing itself: values, or what is in the row it is joined to (a list that is unnested). */
static bool reads_nothing(const json_t *tree)
{
    static const char *const makers[] = {"unnest", "range", "generate_series"};
    size_t i;
    const char *key;
    json_t *item;
    if (json_is_array(tree)) {
        json_array_foreach(tree, i, item) if (!reads_nothing(item)) return false;
        return true;
    }
    if (is(tree, "type", "BASE_TABLE")
        || (is(tree, "type", "TABLE_FUNCTION")
            && !among(word(json_object_get(tree, "function"), "function_name"), makers, COUNT(makers))))
        return false;
    json_object_foreach((json_t *)tree, key, item) if (!reads_nothing(item)) return false;
    return true;
}

bool ptn_scan_rows_stand_alone(const json_t *tree)
{
    static const char *const wide[] = {"LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER"};
    size_t i;
    const char *key;
    json_t *item;
    if (json_is_array(tree)) {
        json_array_foreach(tree, i, item) if (!ptn_scan_rows_stand_alone(item)) return false;
        return true;
    }
    if (is(tree, "class", "SUBQUERY") || is(tree, "class", "WINDOW") || json_object_get(tree, "sample")
        || among(word(tree, "type"), wide, COUNT(wide))
        || (is(tree, "type", "JOIN") && !reads_nothing(json_object_get(tree, "right"))))
        return false;
    json_object_foreach((json_t *)tree, key, item) if (!ptn_scan_rows_stand_alone(item)) return false;
    return true;
}

bool ptn_scan_add_origin(ptn_survey *s, json_t *node)
{
    if (is_union_all(node))
        return ptn_scan_add_origin(s, json_object_get(node, "left"))
               && ptn_scan_add_origin(s, json_object_get(node, "right"));
    const leaf from = leaf_of(s, node);
    if (!from.table || !(from.query ? ptn_scan_add_origin(s, from.query) : wrap_scan(s, node, &from)))
        return false;
    static const char *const names[] = {"patron_file", "patron_row"};
    for (size_t i = 0; i < COUNT(names); i++) {
        hide_from_stars(s, node, &from, names[i]);
        push(s, json_object_get(node, "select_list"), ptn_tree_column(names[i], ""));
    }
    return !s->failed;
}

/* ---- what the file said ---- */

/* A column of a query's result: by name, or by position (from 0) below a UNION. */
typedef struct output {
    const char *name;
    long position; /* -1: by name */
} output;

static const char *output_name(const json_t *item)
{
    const json_t *names = json_object_get(item, "column_names");
    const char *last = json_string_value(json_array_get(names, json_array_size(names) - 1));
    return *word(item, "alias") ? word(item, "alias") : last ? last : "";
}

static bool has_star(const json_t *node)
{
    if (is_union_all(node))
        return has_star(json_object_get(node, "left")) || has_star(json_object_get(node, "right"));
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(node, "select_list"), i,
                       item) if (is(item, "class", "STAR")) return true;
    return !is(node, "type", "SELECT_NODE");
}

/* The first SELECT of a UNION names its columns. */
static output positioned(const json_t *node, output wanted)
{
    while (is(node, "type", "SET_OPERATION_NODE"))
        node = json_object_get(node, "left");
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(node, "select_list"), i,
                       item) if (wanted.position < 0 && strcasecmp(output_name(item), wanted.name) == 0)
        wanted.position = (long)i;
    return wanted;
}

/* The expression of an output column; NULL when it is not written down, with *inner the column of the leaf it is. */
static const json_t *expression_of(const json_t *node, const leaf *from, output wanted, const char **inner)
{
    const json_t *list = json_object_get(node, "select_list"), *found = NULL;
    bool starred = false;
    size_t i, j;
    json_t *item, *replaced;
    *inner = NULL;
    if (wanted.position >= 0)
        found = json_array_get(list, (size_t)wanted.position);
    else
        json_array_foreach(list, i, item)
        {
            if (!found && !is(item, "class", "STAR") && strcasecmp(output_name(item), wanted.name) == 0)
                found = item;
            json_array_foreach(json_object_get(item, "replace_list"), j,
                               replaced) if (strcasecmp(word(replaced, "key"), wanted.name) == 0) found =
                json_object_get(replaced, "value");
            starred |= is_star_of(item, from) && !json_object_get(item, "rename_list")
                       && !has_word(json_object_get(item, "exclude_list"), wanted.name);
        }
    if (!found && starred)
        *inner = wanted.name;
    if (!is(found, "class", "COLUMN_REF"))
        return found;
    const json_t *names = json_object_get(found, "column_names");
    const size_t parts = json_array_size(names);
    if (parts == 1
        || (parts == 2 && strcasecmp(json_string_value(json_array_get(names, 0)), from->alias) == 0))
        *inner = json_string_value(json_array_get(names, parts - 1));
    return NULL;
}

/* Collects the different columns in an expression; false when their text would not tell what became of the value. */
static bool columns_in(const json_t *tree, json_t *columns)
{
    size_t i;
    json_t *item;
    if (json_is_array(tree)) {
        json_array_foreach(tree, i, item) if (!columns_in(item, columns)) return false;
        return true;
    }
    if (!json_is_object(tree))
        return true;
    if (is(tree, "class", "SUBQUERY") || is(tree, "class", "LAMBDA") || is(tree, "class", "WINDOW"))
        return false;
    if (is(tree, "class", "COLUMN_REF")) {
        const json_t *names = json_object_get(tree, "column_names");
        if (ptn_tree_is_clock(tree))
            return true;
        json_array_foreach(columns, i, item) if (json_equal(item, names)) return true;
        return json_array_append(columns, (json_t *)names) == 0;
    }
    const char *key;
    json_object_foreach((json_t *)tree, key, item) if (!columns_in(item, columns)) return false;
    return true;
}

/* CAST(d AS VARCHAR), or concat_ws('; ', 'Quantity: ' || CAST(Quantity AS VARCHAR), ...); NULL when there is nothing
 * to tell. */
static json_t *raw_text(const json_t *expression)
{
    json_t *columns = json_array(), *parts = json_pack("[o]", ptn_tree_text_constant("; ")), *out = NULL;
    if (columns_in(expression, columns)) {
        size_t i;
        json_t *names;
        json_array_foreach(columns, i, names)
        {
            json_t *read = ptn_tree_cast(json_pack("{s:s,s:s,s:O}", "class", "COLUMN_REF", "type",
                                                   "COLUMN_REF", "column_names", names),
                                         "VARCHAR");
            if (json_array_size(columns) == 1) {
                out = read;
                break;
            }
            char label[256];
            snprintf(label, sizeof label,
                     "%s: ", json_string_value(json_array_get(names, json_array_size(names) - 1)));
            json_array_append_new(parts, ptn_tree_operator2("||", ptn_tree_text_constant(label), read));
        }
        if (json_array_size(columns) > 1)
            out = ptn_tree_call("concat_ws", json_incref(parts), false);
    }
    json_decref(columns);
    json_decref(parts);
    return out;
}

static bool can_tell(const ptn_survey *s, json_t *node, output wanted)
{
    if (is_union_all(node)) {
        if (has_star(node) || (wanted.position >= 0 && is(node, "setop_type", "UNION_BY_NAME")))
            return false;
        const output below = is(node, "setop_type", "UNION") ? positioned(node, wanted) : wanted;
        if (is(node, "setop_type", "UNION") && below.position < 0)
            return false;
        return can_tell(s, json_object_get(node, "left"), below)
               | can_tell(s, json_object_get(node, "right"), below);
    }
    const leaf from = leaf_of(s, node);
    const char *inner;
    const json_t *expression = from.table ? expression_of(node, &from, wanted, &inner) : NULL;
    if (!from.table || !expression)
        return from.table && inner && from.query && !from.renamed
               && can_tell(s, from.query, (output){inner, -1});
    json_t *told = raw_text(expression);
    json_decref(told);
    return told != NULL;
}

/* Adds the companion as the last column of every SELECT down to where the value is computed; NULL where it is not. */
static void tell(ptn_survey *s, json_t *node, output wanted, const char *companion)
{
    if (is_union_all(node)) {
        const output below = is(node, "setop_type", "UNION") ? positioned(node, wanted) : wanted;
        tell(s, json_object_get(node, "left"), below, companion);
        tell(s, json_object_get(node, "right"), below, companion);
        return;
    }
    json_t *told = NULL;
    if (can_tell(s, node, wanted)) {
        const leaf from = leaf_of(s, node);
        const char *inner;
        const json_t *expression = expression_of(node, &from, wanted, &inner);
        if (expression) {
            told = raw_text(expression);
        } else {
            tell(s, from.query, (output){inner, -1}, companion);
            hide_from_stars(s, node, &from, companion);
            told = ptn_tree_column(companion, "");
        }
    } else {
        told = ptn_tree_cast(ptn_tree_null_constant(), "VARCHAR");
    }
    put(s, told, "alias", json_string(companion));
    push(s, json_object_get(node, "select_list"), told);
}

bool ptn_scan_add_companion(ptn_survey *s, json_t *node, const char *name, const char *companion)
{
    const output wanted = {name, -1};
    if (!can_tell(s, node, wanted))
        return false;
    tell(s, node, wanted, companion);
    return true;
}
