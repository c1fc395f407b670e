#include "scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scan_origin.h"
#include "scan_tree.h"
#include "text.h"

/* ---- values that cannot be converted ---- */

static void soften(ptn_survey *s, json_t *tree, bool in_filter, bool *soft_filter)
{
    if (json_is_array(tree)) {
        size_t i;
        json_t *item;
        json_array_foreach(tree, i, item) soften(s, item, in_filter, soft_filter);
        return;
    }
    /* The arguments of a scan are not data, and a constant that cannot be converted is the user's to know. */
    if (!json_is_object(tree) || is(tree, "type", "TABLE_FUNCTION"))
        return;
    const bool is_cast = is(tree, "class", "CAST") && !json_is_true(json_object_get(tree, "try_cast"))
                         && !is(json_object_get(tree, "child"), "class", "CONSTANT");
    const bool is_strptime =
        is(tree, "class", "FUNCTION") && strcasecmp(word(tree, "function_name"), "strptime") == 0;
    if (is_cast)
        put(s, tree, "try_cast", json_true());
    if (is_strptime)
        put(s, tree, "function_name", json_string("try_strptime"));
    *soft_filter |= in_filter && (is_cast || is_strptime);
    static const char *const filters[] = {"where_clause", "qualify", "having", "condition"};
    const char *key;
    json_t *value;
    json_object_foreach(tree, key, value)
        soften(s, value, in_filter || among(key, filters, COUNT(filters)), soft_filter);
}

/* Every CSV scan sets aside the lines that it cannot read. */
static void reject_lines(ptn_survey *s, bool whole_file)
{
    static const char *const settled[] = {"store_rejects", "ignore_errors", "rejects_table", "rejects_scan"};
    for (size_t i = 0; i < s->scan_count; i++) {
        if (ptn_tree_format_of_table(s->scans[i]) != PTN_FORMAT_CSV)
            continue;
        ptn_tree_become_function(s, s->scans[i]);
        json_t *function = json_object_get(s->scans[i], "function");
        bool settles = false;
        for (size_t j = 0; j < COUNT(settled); j++)
            settles |= ptn_tree_has_argument(function, settled[j]);
        if (!settles)
            ptn_tree_add_argument(s, function, "store_rejects",
                                  ptn_tree_cast(ptn_tree_text_constant("t"), "BOOLEAN"));
        if (!ptn_tree_has_argument(function, "max_line_size"))
            ptn_tree_add_argument(s, function, "max_line_size", ptn_tree_whole_constant(PTN_SCAN_LINE_MAX));
        if (whole_file && !ptn_tree_has_argument(function, "sample_size"))
            ptn_tree_add_argument(s, function, "sample_size", ptn_tree_whole_constant(-1));
    }
}

/* ---- faults ---- */

static patron_status not_one_select(ptn_problem *problem, const ptn_scan_source *source, const char *why)
{
    ptn_problem_set(problem, PATRON_EINVAL, "E302", "this is not a single SELECT");
    ptn_problem_where(problem, "%s", source->path);
    ptn_problem_why(problem, "sources are SELECTs: %s", why);
    ptn_problem_fix(
        problem,
        "write one SELECT (FROM, WITH and UNION ALL are fine); databases are attached in patron.yaml");
    return PATRON_EINVAL;
}

static patron_status serialise_fault(const json_t *root, const ptn_scan_source *source, ptn_problem *problem)
{
    const char *said = word(root, "error_message");
    if (strstr(said, "Only SELECT"))
        return not_one_select(problem, source, "this statement is of another kind");
    ptn_problem_set(problem, PATRON_EINVAL, "E301", "the SQL cannot be read");
    ptn_problem_where(problem, "%s", source->path);
    ptn_problem_why(problem, "%s", said);
    ptn_problem_fix(problem, "correct the SELECT; try parts of it with: patron sql");
    if (*word(root, "position")) { /* DuckDB counts characters */
        const char *near = strstr(said, "at or near \"");
        const char *token = near ? near + strlen("at or near \"") : "";
        const char *end = strrchr(token, '"');
        int width = 0;
        for (const char *at = token; end && at < end && *at != '\n'; at++)
            width += ((unsigned char)*at & 0xC0) != 0x80;
        ptn_problem_point(problem, source->path, source->sql,
                          ptn_text_bytes(source->sql, (size_t)strtoull(word(root, "position"), NULL, 10)),
                          width > 0 ? width : 1);
    }
    return PATRON_EINVAL;
}

/* ---- all of it ---- */

static patron_status copy_words(const json_t *array, char ***out, unsigned *count, ptn_problem *problem)
{
    *out = calloc(json_array_size(array) + 1, sizeof **out);
    if (!*out)
        return ptn_out_of_memory(problem);
    for (size_t i = 0; i < json_array_size(array); i++) {
        (*out)[i] = strdup(json_string_value(json_array_get(array, i)));
        if (!(*out)[i])
            return ptn_out_of_memory(problem);
        ++*count;
    }
    return PATRON_OK;
}

static json_t *top_node(const json_t *root)
{
    return json_object_get(json_array_get(json_object_get(root, "statements"), 0), "node");
}

static patron_status add_companions(ptn_survey *s, json_t *node, const ptn_scan_source *source, ptn_scan *out,
                                    ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    json_t *told = json_array();
    for (unsigned i = 0; i < source->raw_for_count; i++) {
        char companion[256];
        snprintf(companion, sizeof companion, "patron_raw_%s", source->raw_for[i]);
        if (ptn_scan_add_companion(s, node, source->raw_for[i], companion))
            push(s, told, json_string(source->raw_for[i]));
    }
    PTN_TRY(copy_words(told, &out->raws, &out->raw_count, problem));
done:
    json_decref(told);
    return status;
}

patron_status ptn_scan_edit(const char *serialized_json, ptn_scan_mode mode, const ptn_scan_source *source,
                            ptn_scan *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_survey s = {0};
    ptn_scan scan = {0};
    json_t *edited = NULL;
    json_error_t fault;
    json_t *root = json_loads(serialized_json, 0, &fault);
    if (!root) {
        /* A whole number beyond 64 bits, say: the statement is DuckDB's to judge, and goes on as it is. */
        scan.statement_json = strdup(serialized_json);
        scan.volatile_source = true;
        status = scan.statement_json ? PATRON_OK : ptn_out_of_memory(problem);
        goto done;
    }
    if (json_is_true(json_object_get(root, "error"))) {
        status = serialise_fault(root, source, problem);
        goto done;
    }
    const size_t statements = json_array_size(json_object_get(root, "statements"));
    if (statements != 1) {
        status = not_one_select(problem, source,
                                statements ? "here are several statements" : "here is no statement");
        goto done;
    }

    if (is(json_object_get(top_node(root), "from_table"), "type", "SHOW_REF")) {
        status = not_one_select(problem, source, "this statement describes a table");
        goto done;
    }
    PTN_TRY(ptn_survey_tree(&s, top_node(root), problem));
    PTN_TRY(copy_words(s.files, &scan.files, &scan.file_count, problem));
    PTN_TRY(copy_words(s.tables, &scan.tables, &scan.table_count, problem));
    scan.volatile_source = s.is_volatile;
    if (source->folder)
        ptn_tree_place_files(&s, source->folder);
    if (mode >= PTN_SCAN_REJECT) {
        reject_lines(&s, mode == PTN_SCAN_CAREFUL);
        soften(&s, top_node(root), false, &scan.soft_filter);
    }
    if (s.failed)
        PTN_TRY(ptn_out_of_memory(problem));
    if (mode >= PTN_SCAN_ORIGIN) {
        edited = json_deep_copy(root);
        PTN_TRY(ptn_survey_tree(&s, top_node(edited), problem));
        scan.has_origin = ptn_scan_add_origin(&s, top_node(edited));
        scan.file_by_file = scan.has_origin && ptn_scan_rows_stand_alone(top_node(root));
        if (s.failed)
            PTN_TRY(ptn_out_of_memory(problem));
        if (!scan.has_origin) {
            json_decref(edited);
            edited = json_incref(root);
            PTN_TRY(ptn_survey_tree(&s, top_node(edited), problem));
        }
        if (scan.has_origin || mode >= PTN_SCAN_REJECT)
            PTN_TRY(add_companions(&s, top_node(edited), source, &scan, problem));
    }
    scan.statement_json = s.failed ? NULL : json_dumps(edited ? edited : root, JSON_COMPACT);
    if (!scan.statement_json)
        status = ptn_out_of_memory(problem);

done:
    json_decref(root);
    json_decref(edited);
    ptn_survey_clear(&s);
    if (status == PATRON_OK)
        *out = scan;
    else
        ptn_scan_free(&scan);
    return status;
}

static void free_words(char **words, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        free(words[i]);
    free(words);
}

void ptn_scan_free(ptn_scan *scan)
{
    if (!scan)
        return;
    free(scan->statement_json);
    free_words(scan->raws, scan->raw_count);
    free_words(scan->files, scan->file_count);
    free_words(scan->tables, scan->table_count);
    *scan = (ptn_scan){0};
}
