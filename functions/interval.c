/* How sure a number of many people is, in SQL:
 *   share_interval(count, customers, chance)                        where the true share lies, when count of customers did
 *   total_interval(total, deviation, scale, degrees, chance)        a forecast total, whose luck has this deviation and whose
 *                                                                   forecasts missed by a world of this scale
 * Both give STRUCT(low, high), and NULL where an argument is NULL. */
#include <stdio.h>
#include <stdlib.h>

#include "patron/track_record.h"
#include "register.h"
#include "vectors.h"

enum { ARGUMENTS_MAX = 5 };

typedef struct question {
    const char *name;
    unsigned arguments;
    patron_status (*answer)(const double *argument, double *low, double *high, patron_error *err);
} question;

static patron_status of_share(const double *a, double *low, double *high, patron_error *err)
{
    return patron_share_interval(a[0], a[1], a[2], low, high, err);
}

static patron_status of_total(const double *a, double *low, double *high, patron_error *err)
{
    if (!(a[2] >= 0) || !(a[3] > 0)) {
        snprintf(err->message, sizeof err->message, "scale %g, degrees %g: 0 or more, and above 0", a[2], a[3]);
        return PATRON_EINVAL;
    }
    return patron_total_interval(&(patron_world){.scale = a[2], .degrees = a[3]}, a[0], a[1], a[4], low, high, err);
}

static const question questions[] = {{"share_interval", 3, of_share}, {"total_interval", 5, of_total}};

static void interval(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector out)
{
    const question *asks = *(const question *const *)duckdb_scalar_function_get_extra_info(info);
    duckdb_vector low = duckdb_struct_vector_get_child(out, 0), high = duckdb_struct_vector_get_child(out, 1);
    ptn_doubles in[ARGUMENTS_MAX];
    ptn_doubles_of_chunk(input, 0, asks->arguments, in);
    for (idx_t i = 0, n = duckdb_data_chunk_get_size(input); i < n; i++) {
        double argument[ARGUMENTS_MAX], ends[2];
        patron_error err;
        if (ptn_any_null(in, asks->arguments, i)) {
            ptn_set_null_struct(out, i, 2);
            continue;
        }
        for (unsigned k = 0; k < asks->arguments; k++)
            argument[k] = in[k].value[i];
        if (asks->answer(argument, &ends[0], &ends[1], &err) != PATRON_OK) {
            char message[600];
            snprintf(message, sizeof message, "%s: %s", asks->name, err.message);
            duckdb_scalar_function_set_error(info, message);
            return;
        }
        ptn_put_double(low, i, ends[0]);
        ptn_put_double(high, i, ends[1]);
    }
}

static bool register_question(duckdb_connection connection, const question *asks)
{
    static const char *const names[] = {"low", "high"};
    const question **known = malloc(sizeof *known);
    if (!known)
        return false;
    *known = asks;
    duckdb_logical_type real = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    duckdb_logical_type made = duckdb_create_struct_type((duckdb_logical_type[]){real, real}, (const char **)names, 2);
    duckdb_scalar_function function = duckdb_create_scalar_function();
    duckdb_scalar_function_set_name(function, asks->name);
    for (unsigned k = 0; k < asks->arguments; k++)
        duckdb_scalar_function_add_parameter(function, real);
    duckdb_scalar_function_set_return_type(function, made);
    duckdb_scalar_function_set_special_handling(function); /* a NULL is ours to see */
    duckdb_scalar_function_set_function(function, interval);
    duckdb_scalar_function_set_extra_info(function, known, free);
    const bool ok = duckdb_register_scalar_function(connection, function) == DuckDBSuccess;
    duckdb_destroy_scalar_function(&function);
    duckdb_destroy_logical_type(&made);
    duckdb_destroy_logical_type(&real);
    return ok;
}

bool ptn_register_intervals(duckdb_connection connection)
{
    bool ok = true;
    for (size_t k = 0; ok && k < sizeof questions / sizeof *questions; k++)
        ok = register_question(connection, &questions[k]);
    return ok;
}
