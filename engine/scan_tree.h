#ifndef PTN_SCAN_TREE_H
#define PTN_SCAN_TREE_H

/* DuckDB's syntax tree as JSON: statements[0].node is a query node (SELECT_NODE, SET_OPERATION_NODE, ...); its from_table
 * is a table reference (BASE_TABLE, TABLE_FUNCTION, SUBQUERY, JOIN, ...); the rest are expressions, which have a "class". */

#include <jansson.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "problem.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

typedef enum ptn_file_format {
    PTN_FORMAT_NONE,
    PTN_FORMAT_CSV,
    PTN_FORMAT_PARQUET,
    PTN_FORMAT_JSON,
    PTN_FORMAT_XLSX
} ptn_file_format;

typedef struct ptn_cte {
    const char *name;
    json_t *definition; /* {"query": {"node": ...}, "aliases": [...]} */
    unsigned uses;
} ptn_cte;

typedef struct ptn_cte_use {
    const json_t *table; /* the BASE_TABLE that names it */
    size_t cte;
} ptn_cte_use;

/* One walk over the tree: names resolved, files and tables listed. Pointers are into the tree. */
typedef struct ptn_survey {
    ptn_cte *ctes;
    size_t cte_count;
    ptn_cte_use *uses;
    size_t use_count;
    size_t *scope; /* CTEs visible here, innermost last */
    size_t scope_count;
    json_t **scans; /* every table reference that reads files */
    size_t scan_count;
    json_t *files, *tables; /* arrays of strings */
    bool is_volatile;
    bool names_filename; /* somewhere a column `filename` is asked for: DuckDB's own, maybe */
    bool failed;         /* memory ran out */
} ptn_survey;

/* ---- small words for trees ---- */

static inline const char *word(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value ? value : "";
}

static inline bool is(const json_t *object, const char *key, const char *value)
{
    return strcmp(word(object, key), value) == 0;
}

static inline bool among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

static inline bool has_word(const json_t *array, const char *name)
{
    size_t i;
    json_t *item;
    json_array_foreach(array, i, item) if (json_is_string(item)
                                           && strcasecmp(json_string_value(item), name) == 0) return true;
    return false;
}

/* Takes the value, which may be NULL for want of memory. */
static inline void put(ptn_survey *s, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        s->failed = true;
}

static inline void push(ptn_survey *s, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        s->failed = true;
}

static inline void add_word(ptn_survey *s, json_t *array, const char *name)
{
    if (!has_word(array, name))
        push(s, array, json_string(name));
}

/* ---- expressions that we write: new references, or NULL when memory ran out; they take their children ---- */

json_t *ptn_tree_column(const char *name, const char *alias);
json_t *ptn_tree_text_constant(const char *value);
json_t *ptn_tree_whole_constant(int value);
json_t *ptn_tree_null_constant(void);
json_t *ptn_tree_cast(json_t *child, const char *type);
json_t *ptn_tree_call(const char *function, json_t *children, bool is_operator);
json_t *ptn_tree_operator2(const char *sign, json_t *left, json_t *right);
json_t *ptn_tree_window(const char *type, const char *function, json_t *children, const char *end);
json_t *ptn_tree_star_without(json_t *excluded); /* "*" without some columns: an array of their names */
json_t *ptn_tree_select_from(json_t *select_list, json_t *from);
json_t *ptn_tree_subquery_table(json_t *node);

/* ---- files ---- */

bool ptn_tree_is_glob(const char *path);

/* A BASE_TABLE that is a file and not a table of a database, or a TABLE_FUNCTION that reads files. */
ptn_file_format ptn_tree_format_of_table(const json_t *table);

/* The path expression of a scan: its one literal, or the literals of its list; NULL when they are not literals. */
json_t *ptn_tree_paths_of(const json_t *table);

/* A named argument of a table function, as name = value or name := value: its place among the children, 0 when absent. */
size_t ptn_tree_argument_index(const json_t *function, const char *name);
bool ptn_tree_has_argument(const json_t *function, const char *name);
void ptn_tree_add_argument(ptn_survey *s, json_t *function, const char *name, json_t *value);

/* Writes the argument's constant as text, "" when it is none: `filename = true` is CAST('t' AS BOOLEAN). */
void ptn_tree_argument_text(const json_t *function, size_t index, char *out, size_t size);

/* What qualified columns call this table, as DuckDB has it. */
const char *ptn_tree_table_alias(const json_t *table, char *room, size_t size);

/* FROM 'orders.csv' becomes FROM read_csv_auto('orders.csv') AS orders, which takes arguments. */
void ptn_tree_become_function(ptn_survey *s, json_t *table);

/* ---- the survey ---- */

/* Starts over when the survey is of another tree. */
patron_status ptn_survey_tree(ptn_survey *s, json_t *node, ptn_problem *problem);
void ptn_survey_clear(ptn_survey *s);
ptn_cte *ptn_tree_cte_of(const ptn_survey *s, const json_t *table); /* NULL: the table is no CTE */
bool ptn_tree_is_clock(const json_t *column_ref); /* current_date and the like are parsed as columns */
void ptn_tree_place_files(ptn_survey *s,
                          const char *folder); /* relative names become folder/name; aliases stay */

#endif
