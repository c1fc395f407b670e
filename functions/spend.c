/* What a purchase is worth, in SQL:
 *   gamma_gamma_fit(purchases, mean)             STRUCT(status, p, q, gamma, log_likelihood, customers): an aggregate
 *   gamma_gamma_mean(params, purchases, mean)    expected spend per purchase of someone
 *   gamma_gamma_scale(params, purchases, mean)   the unit in which sums of future purchases have one law per state
 *   normal_normal_fit(count, mean)               STRUCT(status, centre, between, within, customers): an aggregate
 *   normal_normal_mean(params, count, mean)      a mean drawn toward the centre
 * Rows with a NULL are passed over; sums run in sorted order, so any number of threads gives the same bits. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "patron/spend.h"
#include "register.h"
#include "vectors.h"

typedef struct pair {
    double count, mean;
} pair;

typedef struct pairs {
    pair *at;
    size_t n, room;
} pairs;

typedef enum spend_model { GAMMA_GAMMA, NORMAL_NORMAL } spend_model;

static const char *const model_names[] = {"gamma_gamma", "normal_normal"};

static bool push(pairs *p, const pair *more, size_t n)
{
    if (p->n + n > p->room) {
        size_t room = p->room ? 2 * p->room : 64;
        while (room < p->n + n)
            room *= 2;
        pair *at = realloc(p->at, room * sizeof *at);
        if (!at)
            return false;
        p->at = at;
        p->room = room;
    }
    if (n)
        memcpy(p->at + p->n, more, n * sizeof *more);
    p->n += n;
    return true;
}

static idx_t state_size(duckdb_function_info info)
{
    (void)info;
    return sizeof(pairs);
}

static void state_init(duckdb_function_info info, duckdb_aggregate_state state)
{
    (void)info;
    memset(state, 0, sizeof(pairs));
}

static void state_destroy(duckdb_aggregate_state *states, idx_t n)
{
    for (idx_t k = 0; k < n; k++) {
        free(((pairs *)states[k])->at);
        ((pairs *)states[k])->at = NULL;
    }
}

static void update(duckdb_function_info info, duckdb_data_chunk input, duckdb_aggregate_state *states)
{
    const ptn_doubles count = ptn_doubles_of(duckdb_data_chunk_get_vector(input, 0));
    const ptn_doubles mean = ptn_doubles_of(duckdb_data_chunk_get_vector(input, 1));
    for (idx_t i = 0, n = duckdb_data_chunk_get_size(input); i < n; i++) {
        if (ptn_is_null(count.valid, i) || ptn_is_null(mean.valid, i))
            continue;
        if (!push((pairs *)states[i], &(pair){count.value[i], mean.value[i]}, 1)) {
            duckdb_aggregate_function_set_error(info, "out of memory");
            return;
        }
    }
}

static void combine(duckdb_function_info info, duckdb_aggregate_state *source, duckdb_aggregate_state *target, idx_t n)
{
    for (idx_t k = 0; k < n; k++)
        if (!push((pairs *)target[k], ((pairs *)source[k])->at, ((pairs *)source[k])->n)) {
            duckdb_aggregate_function_set_error(info, "out of memory");
            return;
        }
}

static int by_count(const void *a, const void *b)
{
    const pair *l = a, *r = b;
    return l->count != r->count ? (l->count > r->count) - (l->count < r->count) : (l->mean > r->mean) - (l->mean < r->mean);
}

/* status, three parameters and, for gamma_gamma, the log-likelihood; values[4] is not used by normal_normal. */
static bool fit(spend_model model, pairs *p, char *word, size_t size, double values[4], patron_error *err)
{
    double *count = malloc(3 * p->n * sizeof *count), *mean = count ? count + p->n : NULL, *none = count ? mean + p->n : NULL;
    if (!count)
        return false;
    qsort(p->at, p->n, sizeof *p->at, by_count);
    for (size_t i = 0; i < p->n; i++) {
        count[i] = p->at[i].count;
        mean[i] = p->at[i].mean;
        none[i] = 0;
    }
    patron_status status;
    if (model == GAMMA_GAMMA) {
        patron_spend_fit found;
        status = patron_gamma_gamma_fit(&(patron_spends){.n = p->n, .purchases = count, .mean = mean}, NULL, &found, err);
        snprintf(word, size, "%s", found.status == PATRON_FIT_BOUNDARY ? found.limit : "interior");
        values[0] = found.parameters.p;
        values[1] = found.parameters.q;
        values[2] = found.parameters.gamma;
        values[3] = found.log_likelihood;
    } else {
        patron_normal_normal found = {0};
        status = patron_normal_normal_fit(&(patron_means){.n = p->n, .count = count, .mean = mean}, &found, err);
        snprintf(word, size, "interior");
        values[0] = found.centre;
        values[1] = found.between;
        values[2] = found.within;
        values[3] = 0;
    }
    if (status != PATRON_OK)
        snprintf(word, size, "failed");
    free(count);
    return status != PATRON_ENOMEM;
}

static void finalize(duckdb_function_info info, duckdb_aggregate_state *states, duckdb_vector out, idx_t n, idx_t offset)
{
    const spend_model model = (spend_model)(uintptr_t)duckdb_aggregate_function_get_extra_info(info) - 1;
    const idx_t children = model == GAMMA_GAMMA ? 6 : 5;
    for (idx_t k = 0; k < n; k++) {
        pairs *p = (pairs *)states[k];
        char word[48];
        double values[4];
        patron_error err = {0};
        if (p->n == 0) {
            ptn_set_null(out, offset + k);
            for (idx_t c = 0; c < children; c++)
                ptn_set_null(duckdb_struct_vector_get_child(out, c), offset + k);
            continue;
        }
        if (!fit(model, p, word, sizeof word, values, &err)) {
            duckdb_aggregate_function_set_error(info, "out of memory");
            state_destroy(states, n);
            return;
        }
        const bool failed = strcmp(word, "failed") == 0;
        duckdb_vector_assign_string_element(duckdb_struct_vector_get_child(out, 0), offset + k, word);
        for (idx_t c = 1; c + 1 < children; c++) {
            duckdb_vector vector = duckdb_struct_vector_get_child(out, c);
            if (failed)
                ptn_set_null(vector, offset + k);
            else
                ((double *)duckdb_vector_get_data(vector))[offset + k] = values[c - 1];
        }
        ((double *)duckdb_vector_get_data(duckdb_struct_vector_get_child(out, children - 1)))[offset + k] = (double)p->n;
    }
}

static duckdb_logical_type params_type(spend_model model)
{
    static const char *const names[2][6] = {{"status", "p", "q", "gamma", "log_likelihood", "customers"},
                                            {"status", "centre", "between", "within", "customers", NULL}};
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    duckdb_logical_type real = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    duckdb_logical_type types[6] = {text, real, real, real, real, real};
    duckdb_logical_type made = duckdb_create_struct_type(types, (const char **)names[model], model == GAMMA_GAMMA ? 6 : 5);
    duckdb_destroy_logical_type(&text);
    duckdb_destroy_logical_type(&real);
    return made;
}

static bool register_fit(duckdb_connection connection, spend_model model)
{
    char name[40];
    snprintf(name, sizeof name, "%s_fit", model_names[model]);
    duckdb_logical_type real = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE), made = params_type(model);
    duckdb_aggregate_function function = duckdb_create_aggregate_function();
    duckdb_aggregate_function_set_name(function, name);
    duckdb_aggregate_function_add_parameter(function, real);
    duckdb_aggregate_function_add_parameter(function, real);
    duckdb_aggregate_function_set_return_type(function, made);
    duckdb_aggregate_function_set_functions(function, state_size, state_init, update, combine, finalize);
    duckdb_aggregate_function_set_destructor(function, state_destroy);
    duckdb_aggregate_function_set_special_handling(function);
    duckdb_aggregate_function_set_extra_info(function, (void *)(uintptr_t)(model + 1), NULL);
    const bool ok = duckdb_register_aggregate_function(connection, function) == DuckDBSuccess;
    duckdb_destroy_aggregate_function(&function);
    duckdb_destroy_logical_type(&made);
    duckdb_destroy_logical_type(&real);
    return ok;
}

/* ---- means of persons ---- */

typedef enum spend_question { MEAN, SCALE, SHRUNKEN } spend_question;

static double answer(spend_question asks, const double p[3], double count, double mean)
{
    const patron_gamma_gamma g = {p[0], p[1], p[2]};
    const patron_normal_normal h = {p[0], p[1], p[2]};
    switch (asks) {
    case MEAN: return patron_gamma_gamma_mean(&g, count, mean);
    case SCALE: return patron_gamma_gamma_scale(&g, count, mean);
    default: return patron_normal_normal_mean(&h, count, mean, NULL);
    }
}

static void of_person(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector out)
{
    const spend_question asks = (spend_question)(uintptr_t)duckdb_scalar_function_get_extra_info(info) - 1;
    duckdb_vector params = duckdb_data_chunk_get_vector(input, 0);
    const uint64_t *params_valid = duckdb_vector_get_validity(params);
    ptn_doubles parameter[3];
    for (idx_t k = 0; k < 3; k++)
        parameter[k] = ptn_doubles_of(duckdb_struct_vector_get_child(params, k + 1));
    const ptn_doubles count = ptn_doubles_of(duckdb_data_chunk_get_vector(input, 1));
    const ptn_doubles mean = ptn_doubles_of(duckdb_data_chunk_get_vector(input, 2));
    double *result = duckdb_vector_get_data(out);
    for (idx_t i = 0, n = duckdb_data_chunk_get_size(input); i < n; i++) {
        double p[3];
        bool null = ptn_is_null(params_valid, i) || ptn_is_null(count.valid, i) || ptn_is_null(mean.valid, i);
        for (idx_t k = 0; k < 3; k++)
            null |= ptn_is_null(parameter[k].valid, i);
        if (null) {
            ptn_set_null(out, i);
            continue;
        }
        for (idx_t k = 0; k < 3; k++)
            p[k] = parameter[k].value[i];
        result[i] = answer(asks, p, count.value[i], mean.value[i]);
    }
}

static bool register_question(duckdb_connection connection, const char *name, spend_model model, spend_question asks)
{
    duckdb_logical_type real = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE), params = params_type(model);
    duckdb_scalar_function function = duckdb_create_scalar_function();
    duckdb_scalar_function_set_name(function, name);
    duckdb_scalar_function_add_parameter(function, params);
    duckdb_scalar_function_add_parameter(function, real);
    duckdb_scalar_function_add_parameter(function, real);
    duckdb_scalar_function_set_return_type(function, real);
    duckdb_scalar_function_set_special_handling(function);
    duckdb_scalar_function_set_function(function, of_person);
    duckdb_scalar_function_set_extra_info(function, (void *)(uintptr_t)(asks + 1), NULL);
    const bool ok = duckdb_register_scalar_function(connection, function) == DuckDBSuccess;
    duckdb_destroy_scalar_function(&function);
    duckdb_destroy_logical_type(&params);
    duckdb_destroy_logical_type(&real);
    return ok;
}

bool ptn_register_spend(duckdb_connection connection)
{
    return register_fit(connection, GAMMA_GAMMA) && register_fit(connection, NORMAL_NORMAL) &&
           register_question(connection, "gamma_gamma_mean", GAMMA_GAMMA, MEAN) &&
           register_question(connection, "gamma_gamma_scale", GAMMA_GAMMA, SCALE) &&
           register_question(connection, "normal_normal_mean", NORMAL_NORMAL, SHRUNKEN);
}
