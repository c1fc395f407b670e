/* patron_models(): the table of models, one row a parameter. */
#include <stdlib.h>

#include "patron/forecast.h"
#include "register.h"
#include "vectors.h"

typedef struct cursor {
    unsigned model, parameter;
} cursor;

static void bind(duckdb_bind_info info)
{
    static const char *const names[] = {"model", "says", "source", "parameter"};
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    for (unsigned c = 0; c < 4; c++)
        duckdb_bind_add_result_column(info, names[c], text);
    duckdb_destroy_logical_type(&text);
}

static void init(duckdb_init_info info)
{
    cursor *at = calloc(1, sizeof *at);
    if (!at)
        duckdb_init_set_error(info, "out of memory");
    else
        duckdb_init_set_init_data(info, at, free);
}

static void produce(duckdb_function_info info, duckdb_data_chunk output)
{
    cursor *at = duckdb_function_get_init_data(info);
    const idx_t room = duckdb_vector_size();
    const patron_model *model;
    idx_t row = 0;
    while (row < room && (model = patron_model_at(at->model))) {
        const patron_model_info *about = patron_model_describe(model);
        const char *cells[] = {about->name, about->says, about->source, about->parameter[at->parameter]};
        for (idx_t c = 0; c < 4; c++)
            duckdb_vector_assign_string_element(duckdb_data_chunk_get_vector(output, c), row, cells[c]);
        row++;
        if (++at->parameter == about->parameter_count) {
            at->parameter = 0;
            at->model++;
        }
    }
    duckdb_data_chunk_set_size(output, row);
}

bool ptn_register_models(duckdb_connection connection)
{
    duckdb_table_function function = duckdb_create_table_function();
    duckdb_table_function_set_name(function, "patron_models");
    duckdb_table_function_set_bind(function, bind);
    duckdb_table_function_set_init(function, init);
    duckdb_table_function_set_function(function, produce);
    const bool ok = duckdb_register_table_function(connection, function) == DuckDBSuccess;
    duckdb_destroy_table_function(&function);
    return ok;
}
