/* What the file said of a computed value: companions, which hand its text up through the tree. */
#include "scan_origin.h"

#include <stdio.h>

#include "scan_leaf.h"

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
    if (ptn_scan_is_union_all(node))
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
static const json_t *expression_of(const json_t *node, const ptn_scan_leaf *from, output wanted, const char **inner)
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
            starred |= ptn_scan_is_star_of(item, from) && !json_object_get(item, "rename_list")
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
    if (ptn_scan_is_union_all(node)) {
        if (has_star(node) || (wanted.position >= 0 && is(node, "setop_type", "UNION_BY_NAME")))
            return false;
        const output below = is(node, "setop_type", "UNION") ? positioned(node, wanted) : wanted;
        if (is(node, "setop_type", "UNION") && below.position < 0)
            return false;
        return can_tell(s, json_object_get(node, "left"), below)
               | can_tell(s, json_object_get(node, "right"), below);
    }
    const ptn_scan_leaf from = ptn_scan_leaf_of(s, node);
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
    if (ptn_scan_is_union_all(node)) {
        const output below = is(node, "setop_type", "UNION") ? positioned(node, wanted) : wanted;
        tell(s, json_object_get(node, "left"), below, companion);
        tell(s, json_object_get(node, "right"), below, companion);
        return;
    }
    json_t *told = NULL;
    if (can_tell(s, node, wanted)) {
        const ptn_scan_leaf from = ptn_scan_leaf_of(s, node);
        const char *inner;
        const json_t *expression = expression_of(node, &from, wanted, &inner);
        if (expression) {
            told = raw_text(expression);
        } else {
            tell(s, from.query, (output){inner, -1}, companion);
            ptn_scan_hide_from_stars(s, node, &from, companion);
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
