/* Where each row came from: file and place. */
#include "scan_origin.h"

#include <stdio.h>

#include "scan_leaf.h"

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
static bool wrap_scan(ptn_survey *s, json_t *node, const ptn_scan_leaf *from)
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
        ptn_scan_hide_from_stars(s, node, from, "filename");
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
    if (ptn_scan_is_union_all(node))
        return ptn_scan_add_origin(s, json_object_get(node, "left"))
               && ptn_scan_add_origin(s, json_object_get(node, "right"));
    const ptn_scan_leaf from = ptn_scan_leaf_of(s, node);
    if (!from.table || !(from.query ? ptn_scan_add_origin(s, from.query) : wrap_scan(s, node, &from)))
        return false;
    static const char *const names[] = {"patron_file", "patron_row"};
    for (size_t i = 0; i < COUNT(names); i++) {
        ptn_scan_hide_from_stars(s, node, &from, names[i]);
        push(s, json_object_get(node, "select_list"), ptn_tree_column(names[i], ""));
    }
    return !s->failed;
}
