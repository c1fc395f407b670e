/* The store: DuckDB behind a dozen calls. */
#include "store.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "duck.h"
#include "macros.h"
#include "register.h"
#include "store_private.h"
#include "text.h"

struct ptn_store {
    duckdb_database database;
    duckdb_connection connection;
    ptn_function_host host; /* of the SQL functions that patron brings */
    ptn_store_fault last_fault;
};

struct ptn_rows {
    duckdb_result result;
    duckdb_data_chunk chunk;
    idx_t row, size; /* of the current chunk */
    idx_t columns;
    char **text; /* copies handed out for the current row, one a column */
};

static ptn_store_fault fault_of(duckdb_error_type type, const char *message)
{
    switch (type) {
    case DUCKDB_ERROR_CONVERSION:
    case DUCKDB_ERROR_OUT_OF_RANGE:
    case DUCKDB_ERROR_INVALID_INPUT:
    case DUCKDB_ERROR_MISMATCH_TYPE:
    case DUCKDB_ERROR_DIVIDE_BY_ZERO:
        return PTN_FAULT_VALUE;
    case DUCKDB_ERROR_PARSER:
    case DUCKDB_ERROR_SYNTAX:
    case DUCKDB_ERROR_BINDER:
    case DUCKDB_ERROR_CATALOG:
        return PTN_FAULT_STATEMENT;
    case DUCKDB_ERROR_IO:
        return strstr(message, "No files found") ? PTN_FAULT_STATEMENT : PTN_FAULT_STORAGE;
    case DUCKDB_ERROR_OUT_OF_MEMORY:
    case DUCKDB_ERROR_FATAL:
    case DUCKDB_ERROR_PERMISSION:
        return PTN_FAULT_STORAGE;
    default:
        return PTN_FAULT_OTHER;
    }
}

/* DuckDB's first paragraph without its "Binder Error: " prefix; the rest is advice about its own settings. */
static void set_words(ptn_problem *problem, const char *message)
{
    static const char line[] = "CSV Error on Line: ", original[] = "\nOriginal Line: ";
    const char *colon = strstr(message, " Error: ");
    if (colon && colon - message < 40)
        message = colon + strlen(" Error: ");
    static const char needed[] = "required extension '";
    const char *extension = strstr(message, needed);
    if (extension) {
        extension += strlen(needed);
        const int name = (int)strcspn(extension, "'");
        ptn_problem_why(problem, "this needs DuckDB's extension %.*s, which is not on this machine; patron fetches nothing by itself", name, extension);
        ptn_problem_fix(problem, "script/setup --databases brings those for databases and workbooks, INSTALL %.*s in DuckDB %s any", name, extension,
                        duckdb_library_version());
        return;
    }
    static const char theirs[] = ": ERROR:  "; /* after a statement of DuckDB's own, what PostgreSQL says of it */
    const char *database = strstr(message, theirs);
    if (database) {
        database += strlen(theirs);
        ptn_problem_why(problem, "the database says: %.*s", (int)strcspn(database, "\n"), database);
        return;
    }
    const size_t length = strcspn(message, "\n");
    const char *reason = message + length;
    if (strncmp(message, line, strlen(line)) == 0) {
        if (strncmp(reason, original, strlen(original)) == 0)
            reason += 1 + strcspn(reason + 1, "\n"); /* past the line itself, which may be very long */
        reason += *reason == '\n';
        static const char named[] = "\n  file = ";
        const char *file = strstr(reason, named);
        file = file ? file + strlen(named) : "";
        static const char unicode[] = "Invalid unicode";
        const bool not_text = strncmp(reason, unicode, strlen(unicode)) == 0;
        ptn_problem_why(problem, "line %.*s of \"%.*s\": %.*s", (int)(length - strlen(line)), message + strlen(line), (int)strcspn(file, "\n"), file,
                        not_text ? INT_MAX : (int)strcspn(reason, "\n"), not_text ? "not UTF-8: text in another encoding, or no text at all" : reason);
        return;
    }
    const char *candidate = strstr(message, "Candidate bindings: ");
    ptn_problem_why(problem, "%.*s", (int)length, message);
    const char *meant = strstr(message, "Did you mean \"");
    if (candidate)
        ptn_problem_fix(problem, "nearest: %.*s", (int)strcspn(candidate + 20, "\n,"), candidate + 20);
    else if (meant && strncmp(meant + 14, "pg_", 3) != 0) /* DuckDB's own tables are never meant */
        ptn_problem_fix(problem, "did you mean \"%.*s\"?", (int)strcspn(meant + 14, "\""), meant + 14);
}

static patron_status tell(ptn_store *store, duckdb_error_type type, const char *message, ptn_problem *problem)
{
    if (!message)
        message = "no reason given";
    store->last_fault = fault_of(type, message);
    const patron_status status = type == DUCKDB_ERROR_INTERRUPT                ? PATRON_ECANCELLED
                                 : store->last_fault == PTN_FAULT_STORAGE    ? PATRON_EIO
                                 : store->last_fault == PTN_FAULT_STATEMENT  ? PATRON_EINVAL
                                                                             : PATRON_EDATA;
    const bool full = strstr(message, "No space left") != NULL;
    if (store->last_fault == PTN_FAULT_STORAGE || full)
        ptn_problem_set(problem, status, "E401", full ? "the disk is full" : "the store cannot go on");
    else
        ptn_problem_set(problem, status, "E301", "DuckDB cannot run this");
    set_words(problem, message);
    if (full)
        ptn_problem_fix(problem, "free some space and try again; the last good build stays");
    return status;
}

static patron_status failed(ptn_store *store, duckdb_result *result, ptn_problem *problem)
{
    return tell(store, duckdb_result_error_type(result), duckdb_result_error(result), problem);
}

patron_status ptn_store_memory(ptn_store *store, double *bytes, ptn_problem *problem)
{
    char *text = NULL, unit[8] = "";
    *bytes = 0;
    const patron_status status = ptn_store_text(store, "SELECT current_setting('memory_limit')", &text, problem);
    if (text && sscanf(text, "%lf %7s", bytes, unit) == 2)
        *bytes *= strcmp(unit, "TiB") == 0   ? 1099511627776.0
                  : strcmp(unit, "GiB") == 0 ? 1073741824.0
                  : strcmp(unit, "MiB") == 0 ? 1048576.0
                                             : 1;
    free(text);
    return status;
}

/* A quarter of the machine, or of what a container or batch job may use of it, and at least 1 GiB: the rest is for the models, the
 * page cache and everybody else. DuckDB looks at both and would take four fifths. */
static long memory_mib(ptn_store *store)
{
    ptn_problem ignored;
    double most = 0;
    ptn_store_memory(store, &most, &ignored);
    const double quarter = most / 1048576 / 0.8 / 4;
    return quarter > 1024 ? (long)quarter : 1024;
}

/* DuckDB finds its extensions in the user's own folder for them, and beside its library; it never fetches one. */
static void add_extension_folder(ptn_text *sql)
{
    Dl_info about;
    char folder[PATH_MAX], *slash;
    if (!dladdr((const void *)(uintptr_t)duckdb_open_ext, &about) || !about.dli_fname || !realpath(about.dli_fname, folder) ||
        !(slash = strrchr(folder, '/')))
        return;
    *slash = '\0';
    ptn_text_add(sql, "SET extension_directories = [");
    ptn_text_add_literal(sql, folder);
    ptn_text_add(sql, " || '/duckdb_extensions'];");
}

patron_status ptn_store_open(ptn_store **out, const ptn_store_options *options, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    duckdb_config config = NULL;
    char *reason = NULL;
    ptn_text sql = {0};
    ptn_store *store = calloc(1, sizeof *store);
    if (!store || duckdb_create_config(&config) != DuckDBSuccess) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    /* what the oldest DuckDB that is to read a store understands; older forms of text take longer to write, and more room */
    duckdb_set_config(config, "storage_compatibility_version", "v1.4.0");
    duckdb_set_config(config, "autoinstall_known_extensions", "false");
    if (options->read_only)
        duckdb_set_config(config, "access_mode", "READ_ONLY");
    if (duckdb_open_ext(options->path, &store->database, config, &reason) != DuckDBSuccess) {
        status = ptn_problem_set(problem, PATRON_EIO, "E401", "cannot open the store");
        ptn_problem_where(problem, "%s", options->path ? options->path : "memory");
        set_words(problem, reason ? reason : "no reason given");
        goto done;
    }
    if (duckdb_connect(store->database, &store->connection) != DuckDBSuccess) {
        status = ptn_problem_set(problem, PATRON_EIO, "E401", "cannot connect to the store");
        goto done;
    }
    if (!ptn_functions_register(store->connection, &store->host)) {
        status = ptn_problem_set(problem, PATRON_EIO, "E002", "patron's SQL functions could not be registered");
        goto done;
    }
    ptn_text_addf(&sql, "SET TimeZone = 'UTC'; SET enable_progress_bar = false; SET memory_limit = '%ldMiB';", memory_mib(store));
    add_extension_folder(&sql);
    if (options->file_search_path) {
        ptn_text_add(&sql, "SET file_search_path = ");
        ptn_text_add_literal(&sql, options->file_search_path);
        ptn_text_add(&sql, ";");
    }
    if (options->temp_directory) {
        ptn_text_add(&sql, "SET temp_directory = ");
        ptn_text_add_literal(&sql, options->temp_directory);
        ptn_text_add(&sql, ";");
    }
    PTN_TRY(ptn_store_run(store, ptn_text_str(&sql), problem));
    PTN_TRY(ptn_macros_create(store, problem));
    *out = store;
    store = NULL;

done:
    ptn_text_free(&sql);
    duckdb_free(reason);
    duckdb_destroy_config(&config);
    ptn_store_close(store);
    return status;
}

void ptn_store_close(ptn_store *store)
{
    if (!store)
        return;
    duckdb_disconnect(&store->connection);
    duckdb_close(&store->database);
    free(store);
}

duckdb_connection ptn_store_connection(ptn_store *store)
{
    return store->connection;
}

patron_status ptn_store_result(ptn_store *store, const char *sql, duckdb_result *result, ptn_problem *problem)
{
    store->last_fault = PTN_FAULT_NONE;
    if (duckdb_query(store->connection, sql, result) == DuckDBSuccess)
        return PATRON_OK;
    const patron_status status = failed(store, result, problem);
    duckdb_destroy_result(result);
    return status;
}

ptn_store_fault ptn_store_last_fault(const ptn_store *store)
{
    return store->last_fault;
}

patron_status ptn_store_run(ptn_store *store, const char *sql, ptn_problem *problem)
{
    duckdb_result result;
    patron_status status = PATRON_OK;
    store->last_fault = PTN_FAULT_NONE;
    if (duckdb_query(store->connection, sql, &result) != DuckDBSuccess)
        status = failed(store, &result, problem);
    duckdb_destroy_result(&result);
    return status;
}

/* Where a fault stands, as DuckDB tells it in JSON: "position":"7", in characters when it could not parse the text, in
 * bytes when it could. */
static void find_fault(ptn_store *store, const char *sql, ptn_statement *out)
{
    static const char position[] = "\"position\":\"", name[] = "\"name\":\"", near[] = "at or near \\\"";
    duckdb_prepared_statement prepared = NULL;
    duckdb_query(store->connection, "SET errors_as_json = true", NULL);
    duckdb_prepare(store->connection, sql, &prepared);
    duckdb_query(store->connection, "SET errors_as_json = false", NULL);
    const char *told = prepared ? duckdb_prepare_error(prepared) : NULL;
    const char *at = told ? strstr(told, position) : NULL;
    if (at) {
        const size_t offset = strtoull(at + strlen(position), NULL, 10);
        const bool parsed = !strstr(told, "\"exception_type\":\"Parser\"");
        const char *word = strstr(told, parsed ? name : near);
        out->fault_at = (long)(parsed ? offset : ptn_text_bytes(sql, offset));
        out->fault_width = word ? (int)strcspn(word + strlen(parsed ? name : near), parsed ? "\"" : "\\") : 1;
    }
    duckdb_destroy_prepare(&prepared);
}

patron_status ptn_store_examine(ptn_store *store, const char *sql, ptn_statement *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    duckdb_extracted_statements statements = NULL;
    duckdb_prepared_statement prepared = NULL;
    *out = (ptn_statement){.fault_at = -1, .fault_width = 1};
    out->count = (unsigned)duckdb_extract_statements(store->connection, sql, &statements);
    const char *fault = out->count ? NULL : duckdb_extract_statements_error(statements);
    if (fault) {
        status = tell(store, DUCKDB_ERROR_PARSER, fault, problem);
    } else if (out->count == 1) {
        if (duckdb_prepare_extracted_statement(store->connection, statements, 0, &prepared) != DuckDBSuccess)
            status = tell(store, DUCKDB_ERROR_BINDER, duckdb_prepare_error(prepared), problem);
        else
            out->reads = duckdb_prepared_statement_type(prepared) == DUCKDB_STATEMENT_TYPE_SELECT;
    }
    if (status != PATRON_OK)
        find_fault(store, sql, out);
    duckdb_destroy_prepare(&prepared);
    duckdb_destroy_extracted(&statements);
    return status;
}

patron_status ptn_store_runf(ptn_store *store, ptn_problem *problem, const char *format, ...)
{
    va_list arguments;
    char *sql = NULL;
    va_start(arguments, format);
    const int length = vasprintf(&sql, format, arguments);
    va_end(arguments);
    if (length < 0)
        return ptn_out_of_memory(problem);
    const patron_status status = ptn_store_run(store, sql, problem);
    free(sql);
    return status;
}

patron_status ptn_store_change(ptn_store *store, const char *sql, int64_t *changed, ptn_problem *problem)
{
    duckdb_result result;
    patron_status status = PATRON_OK;
    store->last_fault = PTN_FAULT_NONE;
    if (duckdb_query(store->connection, sql, &result) != DuckDBSuccess)
        status = failed(store, &result, problem);
    else if (changed)
        *changed = (int64_t)duckdb_rows_changed(&result);
    duckdb_destroy_result(&result);
    return status;
}

patron_status ptn_store_query(ptn_store *store, const char *sql, ptn_rows **out, ptn_problem *problem)
{
    ptn_rows *rows = calloc(1, sizeof *rows);
    if (!rows)
        return ptn_out_of_memory(problem);
    store->last_fault = PTN_FAULT_NONE;
    if (duckdb_query(store->connection, sql, &rows->result) != DuckDBSuccess) {
        const patron_status status = failed(store, &rows->result, problem);
        ptn_rows_free(rows);
        return status;
    }
    rows->columns = duckdb_column_count(&rows->result);
    rows->text = calloc(rows->columns ? rows->columns : 1, sizeof *rows->text);
    if (!rows->text) {
        ptn_rows_free(rows);
        return ptn_out_of_memory(problem);
    }
    *out = rows;
    return PATRON_OK;
}

unsigned ptn_rows_columns(const ptn_rows *rows)
{
    return (unsigned)rows->columns;
}

const char *ptn_rows_name(const ptn_rows *rows, unsigned column)
{
    return duckdb_column_name((duckdb_result *)&rows->result, column);
}

bool ptn_rows_next(ptn_rows *rows)
{
    for (idx_t c = 0; c < rows->columns; c++) {
        free(rows->text[c]);
        rows->text[c] = NULL;
    }
    if (rows->chunk && ++rows->row < rows->size)
        return true;
    do {
        duckdb_destroy_data_chunk(&rows->chunk);
        rows->chunk = duckdb_fetch_chunk(rows->result);
        if (!rows->chunk)
            return false;
        rows->size = duckdb_data_chunk_get_size(rows->chunk);
    } while (rows->size == 0);
    rows->row = 0;
    return true;
}

static const void *cell(const ptn_rows *rows, unsigned column, size_t width)
{
    duckdb_vector vector = duckdb_data_chunk_get_vector(rows->chunk, column);
    uint64_t *valid = duckdb_vector_get_validity(vector);
    if (valid && !duckdb_validity_row_is_valid(valid, rows->row))
        return NULL;
    return (const char *)duckdb_vector_get_data(vector) + rows->row * width;
}

bool ptn_rows_is_null(const ptn_rows *rows, unsigned column)
{
    return cell(rows, column, 1) == NULL;
}

const char *ptn_rows_text(ptn_rows *rows, unsigned column)
{
    if (duckdb_column_type(&rows->result, column) != DUCKDB_TYPE_VARCHAR)
        return NULL;
    const duckdb_string_t *string = cell(rows, column, sizeof *string);
    if (!string)
        return NULL;
    if (!rows->text[column])
        rows->text[column] =
            strndup(duckdb_string_t_data((duckdb_string_t *)string), duckdb_string_t_length(*string));
    return rows->text[column];
}

void ptn_rows_copy(ptn_rows *rows, unsigned column, char *out, size_t size)
{
    ptn_text_copy(out, size, ptn_rows_text(rows, column));
}

int64_t ptn_rows_int(const ptn_rows *rows, unsigned column)
{
    const duckdb_type type = duckdb_column_type((duckdb_result *)&rows->result, column);
    if (type == DUCKDB_TYPE_BOOLEAN) {
        const bool *value = cell(rows, column, sizeof *value);
        return value ? *value : 0;
    }
    if (type != DUCKDB_TYPE_BIGINT)
        return 0;
    const int64_t *value = cell(rows, column, sizeof *value);
    return value ? *value : 0;
}

double ptn_rows_double(const ptn_rows *rows, unsigned column)
{
    if (duckdb_column_type((duckdb_result *)&rows->result, column) != DUCKDB_TYPE_DOUBLE)
        return 0;
    const double *value = cell(rows, column, sizeof *value);
    return value ? *value : 0;
}

void ptn_rows_free(ptn_rows *rows)
{
    if (!rows)
        return;
    for (idx_t c = 0; rows->text && c < rows->columns; c++)
        free(rows->text[c]);
    free(rows->text);
    duckdb_destroy_data_chunk(&rows->chunk);
    duckdb_destroy_result(&rows->result);
    free(rows);
}

patron_status ptn_store_int(ptn_store *store, const char *sql, int64_t *out, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    const patron_status status = ptn_store_query(store, sql, &rows, problem);
    *out = 0;
    if (status == PATRON_OK && ptn_rows_next(rows))
        *out = ptn_rows_int(rows, 0);
    ptn_rows_free(rows);
    return status;
}

patron_status ptn_store_text(ptn_store *store, const char *sql, char **out, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    const patron_status status = ptn_store_query(store, sql, &rows, problem);
    *out = NULL;
    if (status == PATRON_OK && ptn_rows_next(rows)) {
        const char *text = ptn_rows_text(rows, 0);
        *out = text ? strdup(text) : NULL;
    }
    ptn_rows_free(rows);
    return status;
}
