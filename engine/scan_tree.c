#include "scan_tree.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- expressions that we write ---- */

json_t *ptn_tree_column(const char *name, const char *alias)
{
    return json_pack("{s:s,s:s,s:s,s:[s]}", "class", "COLUMN_REF", "type", "COLUMN_REF", "alias", alias,
                     "column_names", name);
}

json_t *ptn_tree_text_constant(const char *value)
{
    return json_pack("{s:s,s:s,s:{s:{s:s},s:b,s:s}}", "class", "CONSTANT", "type", "VALUE_CONSTANT", "value",
                     "type", "id", "VARCHAR", "is_null", 0, "value", value);
}

json_t *ptn_tree_whole_constant(int value)
{
    return json_pack("{s:s,s:s,s:{s:{s:s},s:b,s:i}}", "class", "CONSTANT", "type", "VALUE_CONSTANT", "value",
                     "type", "id", "INTEGER", "is_null", 0, "value", value);
}

json_t *ptn_tree_null_constant(void)
{
    return json_pack("{s:s,s:s,s:{s:{s:s},s:b}}", "class", "CONSTANT", "type", "VALUE_CONSTANT", "value",
                     "type", "id", "NULL", "is_null", 1);
}

json_t *ptn_tree_cast(json_t *child, const char *type)
{
    return json_pack("{s:s,s:s,s:o,s:{s:s}}", "class", "CAST", "type", "OPERATOR_CAST", "child", child,
                     "cast_type", "id", type);
}

json_t *ptn_tree_call(const char *function, json_t *children, bool is_operator)
{
    return json_pack("{s:s,s:s,s:s,s:o,s:{s:s},s:b}", "class", "FUNCTION", "type", "FUNCTION",
                     "function_name", function, "children", children, "order_bys", "type", "ORDER_MODIFIER",
                     "is_operator", is_operator);
}

json_t *ptn_tree_operator2(const char *sign, json_t *left, json_t *right)
{
    return ptn_tree_call(sign, json_pack("[o,o]", left, right), true);
}

json_t *ptn_tree_window(const char *type, const char *function, json_t *children, const char *end)
{
    return json_pack("{s:s,s:s,s:s,s:o,s:s,s:s}", "class", "WINDOW", "type", type, "function_name", function,
                     "children", children, "start", "UNBOUNDED_PRECEDING", "end", end);
}

json_t *ptn_tree_star_without(json_t *excluded)
{
    return json_pack("{s:s,s:s,s:o}", "class", "STAR", "type", "STAR", "exclude_list", excluded);
}

json_t *ptn_tree_select_from(json_t *select_list, json_t *from)
{
    return json_pack("{s:s,s:{},s:o,s:o,s:s}", "type", "SELECT_NODE", "cte_map", "select_list", select_list,
                     "from_table", from, "aggregate_handling", "STANDARD_HANDLING");
}

json_t *ptn_tree_subquery_table(json_t *node)
{
    return json_pack("{s:s,s:{s:o}}", "type", "SUBQUERY", "subquery", "node", node);
}

/* ---- files ---- */

static bool ends_with(const char *name, size_t length, const char *ending)
{
    const size_t size = strlen(ending);
    return length > size && strncasecmp(name + length - size, ending, size) == 0;
}

static bool is_remote(const char *path)
{
    return strstr(path, "://") != NULL && strncasecmp(path, "file://", 7) != 0;
}

bool ptn_tree_is_glob(const char *path)
{
    return strpbrk(path, "*?[") != NULL;
}

/* By the ending of the name, as DuckDB does it for FROM 'name'. */
static ptn_file_format format_of_name(const char *name)
{
    static const struct {
        const char *ending;
        ptn_file_format format;
    } endings[] = {{".csv", PTN_FORMAT_CSV},         {".tsv", PTN_FORMAT_CSV},
                   {".txt", PTN_FORMAT_CSV},         {".json", PTN_FORMAT_JSON},
                   {".ndjson", PTN_FORMAT_JSON},     {".jsonl", PTN_FORMAT_JSON},
                   {".parquet", PTN_FORMAT_PARQUET}, {".xlsx", PTN_FORMAT_XLSX}};
    size_t length = strlen(name);
    if (is_remote(name))
        length = strcspn(name, "?"); /* https://host/orders.csv?key=1 */
    if (ends_with(name, length, ".gz"))
        length -= 3;
    else if (ends_with(name, length, ".zst"))
        length -= 4;
    for (size_t i = 0; i < COUNT(endings); i++)
        if (ends_with(name, length, endings[i].ending))
            return endings[i].format;
    return PTN_FORMAT_NONE;
}

static ptn_file_format format_of_function(const char *name)
{
    static const struct {
        const char *name;
        ptn_file_format format;
    } readers[] = {{"read_csv", PTN_FORMAT_CSV},         {"read_csv_auto", PTN_FORMAT_CSV},
                   {"read_parquet", PTN_FORMAT_PARQUET}, {"parquet_scan", PTN_FORMAT_PARQUET},
                   {"read_json", PTN_FORMAT_JSON},       {"read_json_auto", PTN_FORMAT_JSON},
                   {"read_ndjson", PTN_FORMAT_JSON},     {"read_ndjson_auto", PTN_FORMAT_JSON},
                   {"read_xlsx", PTN_FORMAT_XLSX}};
    for (size_t i = 0; i < COUNT(readers); i++)
        if (strcasecmp(name, readers[i].name) == 0)
            return readers[i].format;
    return PTN_FORMAT_NONE;
}

ptn_file_format ptn_tree_format_of_table(const json_t *table)
{
    if (is(table, "type", "BASE_TABLE"))
        return *word(table, "schema_name") || *word(table, "catalog_name")
                       || json_object_get(table, "at_clause")
                   ? PTN_FORMAT_NONE
                   : format_of_name(word(table, "table_name"));
    if (is(table, "type", "TABLE_FUNCTION") && !json_object_get(table, "subquery"))
        return format_of_function(word(json_object_get(table, "function"), "function_name"));
    return PTN_FORMAT_NONE;
}

static const char *constant_text(const json_t *expression)
{
    return is(expression, "class", "CONSTANT")
               ? json_string_value(json_object_get(json_object_get(expression, "value"), "value"))
               : NULL;
}

json_t *ptn_tree_paths_of(const json_t *table)
{
    if (is(table, "type", "BASE_TABLE"))
        return json_pack("[s]", word(table, "table_name"));
    const json_t *first = json_array_get(json_object_get(json_object_get(table, "function"), "children"), 0);
    if (constant_text(first))
        return json_pack("[s]", constant_text(first));
    if (!is(first, "function_name", "list_value"))
        return NULL;
    const json_t *items = json_object_get(first, "children");
    json_t *paths = json_array();
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
    {
        if (!constant_text(item)) {
            json_decref(paths);
            return NULL;
        }
        json_array_append_new(paths, json_string(constant_text(item)));
    }
    return paths;
}

size_t ptn_tree_argument_index(const json_t *function, const char *name)
{
    const json_t *children = json_object_get(function, "children");
    for (size_t i = 1; i < json_array_size(children); i++) {
        const json_t *child = json_array_get(children, i);
        const json_t *names = json_object_get(json_object_get(child, "left"), "column_names");
        const char *found = is(child, "type", "COMPARE_EQUAL") ? json_string_value(json_array_get(names, 0))
                                                               : word(child, "alias");
        if (found && strcasecmp(found, name) == 0)
            return i;
    }
    return 0;
}

bool ptn_tree_has_argument(const json_t *function, const char *name)
{
    return ptn_tree_argument_index(function, name) != 0;
}

void ptn_tree_add_argument(ptn_survey *s, json_t *function, const char *name, json_t *value)
{
    push(s, json_object_get(function, "children"),
         json_pack("{s:s,s:s,s:o,s:o}", "class", "COMPARISON", "type", "COMPARE_EQUAL", "left",
                   ptn_tree_column(name, ""), "right", value));
}

void ptn_tree_argument_text(const json_t *function, size_t index, char *out, size_t size)
{
    const json_t *value = json_array_get(json_object_get(function, "children"), index);
    if (is(value, "type", "COMPARE_EQUAL"))
        value = json_object_get(value, "right");
    if (is(value, "class", "CAST"))
        value = json_object_get(value, "child");
    value = json_object_get(json_object_get(value, "value"), "value");
    out[0] = '\0';
    if (json_is_string(value))
        snprintf(out, size, "%s", json_string_value(value));
    else if (json_is_integer(value))
        snprintf(out, size, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_boolean(value))
        snprintf(out, size, "%s", json_is_true(value) ? "true" : "false");
}

/* ---- names of tables ---- */

const char *ptn_tree_table_alias(const json_t *table, char *room, size_t size)
{
    const char *alias = word(table, "alias");
    if (*alias)
        return alias;
    if (is(table, "type", "TABLE_FUNCTION"))
        return word(json_object_get(table, "function"), "function_name");
    if (is(table, "type", "SUBQUERY"))
        return "unnamed_subquery";
    const char *name = word(table, "table_name");
    if (ptn_tree_format_of_table(table) == PTN_FORMAT_NONE || ptn_tree_is_glob(name))
        return name;
    const char *slash = strrchr(name, '/'); /* data/orders.2011.csv is called orders */
    const char *base = slash ? slash + 1 : name;
    snprintf(room, size, "%.*s", (int)strcspn(base, "."), base);
    return room;
}

void ptn_tree_become_function(ptn_survey *s, json_t *table)
{
    static const char *const readers[] = {[PTN_FORMAT_CSV] = "read_csv_auto",
                                          [PTN_FORMAT_PARQUET] = "parquet_scan",
                                          [PTN_FORMAT_JSON] = "read_json_auto"};
    const ptn_file_format format = ptn_tree_format_of_table(table);
    if (!is(table, "type", "BASE_TABLE") || format == PTN_FORMAT_NONE || format == PTN_FORMAT_XLSX)
        return;
    char room[512];
    json_t *alias = json_string(ptn_tree_table_alias(table, room, sizeof room));
    json_t *path = ptn_tree_text_constant(word(table, "table_name"));
    json_object_del(table, "table_name");
    put(s, table, "type", json_string("TABLE_FUNCTION"));
    put(s, table, "alias", alias);
    put(s, table, "function", ptn_tree_call(readers[format], json_pack("[o]", path), false));
}

/* ---- the survey ---- */

static void *grown(ptn_survey *s, void *items, size_t count, size_t size)
{
    if (count & (count - 1)) /* room is always the next power of two */
        return items;
    void *more = realloc(items, (count ? 2 * count : 1) * size);
    s->failed |= !more;
    return more;
}

#define APPEND(s, items, count, ...)                                                                         \
    do {                                                                                                     \
        void *const room = grown((s), (items), (count), sizeof *(items));                                    \
        if (room) {                                                                                          \
            (items) = room;                                                                                  \
            (items)[(count)++] = __VA_ARGS__;                                                                \
        }                                                                                                    \
    } while (0)

void ptn_survey_clear(ptn_survey *s)
{
    free(s->ctes);
    free(s->uses);
    free(s->scope);
    free(s->scans);
    json_decref(s->files);
    json_decref(s->tables);
    *s = (ptn_survey){0};
}

static void look_at_file(ptn_survey *s, json_t *table)
{
    APPEND(s, s->scans, s->scan_count, table);
    json_t *paths = ptn_tree_paths_of(table);
    s->is_volatile |= !paths;
    size_t i;
    json_t *path;
    json_array_foreach(paths, i, path)
    {
        add_word(s, s->files, json_string_value(path));
        s->is_volatile |= is_remote(json_string_value(path));
    }
    json_decref(paths);
}

static void look_at_table(ptn_survey *s, json_t *table)
{
    static const char *const harmless[] = {"range", "generate_series", "unnest", "repeat", "repeat_row"};
    const bool qualified = *word(table, "schema_name") || *word(table, "catalog_name");
    const bool is_base = is(table, "type", "BASE_TABLE");
    for (size_t i = s->scope_count; is_base && !qualified && i-- > 0;)
        if (strcasecmp(s->ctes[s->scope[i]].name, word(table, "table_name")) == 0) {
            s->ctes[s->scope[i]].uses++;
            APPEND(s, s->uses, s->use_count, (ptn_cte_use){table, s->scope[i]});
            return;
        }
    if (ptn_tree_format_of_table(table) != PTN_FORMAT_NONE) {
        look_at_file(s, table);
    } else if (is_base) {
        char name[1024];
        const char *catalog = word(table, "catalog_name"), *schema = word(table, "schema_name");
        snprintf(name, sizeof name, "%s%s%s%s%s", catalog, *catalog ? "." : "", schema, *schema ? "." : "",
                 word(table, "table_name"));
        add_word(s, s->tables, name);
        s->is_volatile = true;
    } else if (!among(word(json_object_get(table, "function"), "function_name"), harmless, COUNT(harmless))) {
        s->is_volatile = true;
    }
}

bool ptn_tree_is_clock(const json_t *column_ref)
{
    static const char *const words[] = {"current_date", "current_time", "current_timestamp", "localtime",
                                        "localtimestamp"};
    const json_t *names = json_object_get(column_ref, "column_names");
    return json_array_size(names) == 1
           && among(json_string_value(json_array_get(names, 0)), words, COUNT(words));
}

static void look_at_expression(ptn_survey *s, const json_t *expression)
{
    static const char *const moods[] = {"random",
                                        "uuid",
                                        "uuidv4",
                                        "uuidv7",
                                        "gen_random_uuid",
                                        "now",
                                        "today",
                                        "get_current_time",
                                        "nextval",
                                        "currval",
                                        "getvariable",
                                        "getenv",
                                        "current_date",
                                        "current_time",
                                        "current_timestamp",
                                        "get_current_timestamp",
                                        "transaction_timestamp",
                                        "current_localtime",
                                        "current_localtimestamp"};
    if (is(expression, "class", "FUNCTION"))
        s->is_volatile |= among(word(expression, "function_name"), moods, COUNT(moods));
    if (!is(expression, "class", "COLUMN_REF"))
        return;
    const json_t *names = json_object_get(expression, "column_names");
    const char *last = json_string_value(json_array_get(names, json_array_size(names) - 1));
    s->is_volatile |= ptn_tree_is_clock(expression);
    s->names_filename |= last && strcasecmp(last, "filename") == 0;
}

static void look(ptn_survey *s, json_t *tree)
{
    if (json_is_array(tree)) {
        size_t i;
        json_t *item;
        json_array_foreach(tree, i, item) look(s, item);
        return;
    }
    if (!json_is_object(tree) || s->failed)
        return;
    const size_t outer = s->scope_count;
    const json_t *definitions = json_object_get(json_object_get(tree, "cte_map"), "map");
    size_t i;
    json_t *entry;
    json_array_foreach(definitions, i, entry)
    {
        json_t *definition = json_object_get(entry, "value");
        const json_t *body = json_object_get(json_object_get(definition, "query"), "node");
        const size_t id = s->cte_count;
        const bool recursive = is(body, "type", "RECURSIVE_CTE_NODE");
        APPEND(s, s->ctes, s->cte_count, (ptn_cte){word(entry, "key"), definition, 0});
        if (recursive)
            APPEND(s, s->scope, s->scope_count, id);
        look(s, definition);
        if (!recursive && !s->failed)
            APPEND(s, s->scope, s->scope_count, id);
    }
    if (is(tree, "type", "BASE_TABLE") || is(tree, "type", "TABLE_FUNCTION"))
        look_at_table(s, tree);
    else
        look_at_expression(s, tree);
    const char *key;
    json_t *value;
    json_object_foreach(tree, key, value) if (strcmp(key, "cte_map") != 0) look(s, value);
    s->scope_count = outer;
}

patron_status ptn_survey_tree(ptn_survey *s, json_t *node, ptn_problem *problem)
{
    ptn_survey_clear(s);
    s->files = json_array();
    s->tables = json_array();
    look(s, node);
    return s->failed ? ptn_out_of_memory(problem) : PATRON_OK;
}

ptn_cte *ptn_tree_cte_of(const ptn_survey *s, const json_t *table)
{
    for (size_t i = 0; i < s->use_count; i++)
        if (s->uses[i].table == table)
            return &s->ctes[s->uses[i].cte];
    return NULL;
}

/* ---- where files are ---- */

static bool is_relative(const char *path)
{
    return *path && *path != '/' && *path != '~' && !strstr(path, "://");
}

static void place_constant(ptn_survey *s, json_t *constant, const char *folder)
{
    const char *path = constant_text(constant);
    if (!path || !is_relative(path))
        return;
    char *placed = NULL;
    if (asprintf(&placed, "%s/%s", folder, path) < 0) {
        s->failed = true;
        return;
    }
    put(s, json_object_get(constant, "value"), "value", json_string(placed));
    free(placed);
}

void ptn_tree_place_files(ptn_survey *s, const char *folder)
{
    if (ptn_tree_is_glob(folder)) /* brackets in the folder's own name cannot be told from a pattern */
        return;
    for (size_t i = 0; i < s->scan_count; i++) {
        json_t *table = s->scans[i];
        if (!is(table, "type", "BASE_TABLE")) {
            json_t *first =
                json_array_get(json_object_get(json_object_get(table, "function"), "children"), 0);
            size_t j;
            json_t *item;
            place_constant(s, first, folder);
            if (is(first, "function_name", "list_value"))
                json_array_foreach(json_object_get(first, "children"), j, item)
                    place_constant(s, item, folder);
        } else if (is_relative(word(table, "table_name"))) {
            char room[512];
            put(s, table, "alias", json_string(ptn_tree_table_alias(table, room, sizeof room)));
            json_t *path = ptn_tree_text_constant(word(table, "table_name"));
            place_constant(s, path, folder);
            put(s, table, "table_name", json_string(constant_text(path)));
            json_decref(path);
        }
    }
}
