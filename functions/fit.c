#include "fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Fields before the parameters, and after them. */
enum { STATUS, LIMIT, BEFORE };
enum { LOG_LIKELIHOOD, CUSTOMERS, STATES, ITERATIONS, REASON, AFTER };

static const char *const before[BEFORE] = {"status", "limit"};
static const char *const after[AFTER] = {"log_likelihood", "customers", "states", "iterations", "reason"};
static const duckdb_type after_type[AFTER] = {DUCKDB_TYPE_DOUBLE, DUCKDB_TYPE_DOUBLE, DUCKDB_TYPE_BIGINT,
                                              DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_VARCHAR};

typedef struct fields {
    idx_t n;
    const char *name[BEFORE + PATRON_PARAMETERS_MAX + AFTER];
    duckdb_logical_type type[BEFORE + PATRON_PARAMETERS_MAX + AFTER];
} fields;

static void add_field(fields *f, const char *name, duckdb_type type)
{
    f->name[f->n] = name;
    f->type[f->n++] = duckdb_create_logical_type(type);
}

static duckdb_logical_type struct_of(fields *f)
{
    duckdb_logical_type made = duckdb_create_struct_type(f->type, f->name, f->n);
    for (idx_t k = 0; k < f->n; k++)
        duckdb_destroy_logical_type(&f->type[k]);
    return made;
}

static duckdb_logical_type fit_type(const ptn_parameter_names *names)
{
    fields f = {0};
    for (idx_t k = 0; k < BEFORE; k++)
        add_field(&f, before[k], DUCKDB_TYPE_VARCHAR);
    for (unsigned k = 0; k < names->count; k++)
        add_field(&f, names->name[k], DUCKDB_TYPE_DOUBLE);
    for (idx_t k = 0; k < AFTER; k++)
        add_field(&f, after[k], after_type[k]);
    return struct_of(&f);
}

static duckdb_logical_type by_hand_type(const ptn_parameter_names *names)
{
    fields f = {0};
    for (unsigned k = 0; k < names->count; k++)
        add_field(&f, names->name[k], DUCKDB_TYPE_DOUBLE);
    return struct_of(&f);
}

/* ---- a fit, running ---- */

bool ptn_fit_progress(void *context, unsigned evaluations, double log_likelihood)
{
    ptn_function_host *host = context;
    (void)evaluations;
    (void)log_likelihood;
    atomic_fetch_add(&host->evaluations, 1);
    return !atomic_load(&host->cancel);
}

const char *ptn_without_name(const char *message, const char *model)
{
    const size_t length = strlen(model);
    return strncmp(message, model, length) == 0 && strncmp(message + length, ": ", 2) == 0
               ? message + length + 2
               : message;
}

/* ---- the prior ---- */

const char *ptn_say_as(ptn_said *said, ptn_said other)
{
    if (*said != PTN_SAID_NOTHING && other != PTN_SAID_NOTHING && *said != other)
        return "the prior differs between rows: it must be the same for all of a fit";
    *said = other != PTN_SAID_NOTHING ? other : *said;
    return NULL;
}

const char *ptn_say_prior(ptn_said *said, const duckdb_string_t *word, char *text, size_t size)
{
    const char *letters = duckdb_string_t_data((duckdb_string_t *)word);
    const uint32_t length = duckdb_string_t_length(*word);
    if (length == 4 && memcmp(letters, "weak", 4) == 0)
        return ptn_say_as(said, PTN_SAID_WEAK);
    if (length == 4 && memcmp(letters, "none", 4) == 0)
        return ptn_say_as(said, PTN_SAID_NONE);
    snprintf(text, size, "prior '%.*s': 'weak' or 'none' was expected", length > 40 ? 40 : (int)length,
             letters);
    return text;
}

/* ---- a fit, written ---- */

static void put_text(duckdb_vector vector, idx_t row, const char *text)
{
    if (text)
        duckdb_vector_assign_string_element(vector, row, text);
    else
        ptn_set_null(vector, row);
}

static void put_number(duckdb_vector vector, idx_t row, double value)
{
    if (isnan(value))
        ptn_set_null(vector, row);
    else
        ptn_put_double(vector, row, value);
}

static void put_count(duckdb_vector vector, idx_t row, int64_t count)
{
    if (count < 0)
        ptn_set_null(vector, row);
    else
        ptn_put_whole(vector, row, count);
}

void ptn_fit_write(duckdb_vector out, idx_t row, const ptn_parameter_names *names, const ptn_fit_row *fit)
{
    static const char *const words[] = {"failed", "interior", "boundary"};
    if (!fit) {
        ptn_set_null_struct(out, row, BEFORE + names->count + AFTER);
        return;
    }
    const bool failed = fit->status == PATRON_FIT_FAILED;
    duckdb_vector child[BEFORE + PATRON_PARAMETERS_MAX + AFTER];
    for (idx_t k = 0; k < BEFORE + names->count + AFTER; k++)
        child[k] = duckdb_struct_vector_get_child(out, k);
    put_text(child[STATUS], row, words[fit->status]);
    put_text(child[LIMIT], row, fit->status == PATRON_FIT_BOUNDARY ? fit->limit : NULL);
    for (unsigned k = 0; k < names->count; k++)
        put_number(child[BEFORE + k], row, failed ? NAN : fit->parameters[k]);
    duckdb_vector *const last = child + BEFORE + names->count;
    put_number(last[LOG_LIKELIHOOD], row, failed ? NAN : fit->log_likelihood);
    put_number(last[CUSTOMERS], row, fit->customers);
    put_count(last[STATES], row, fit->states);
    put_count(last[ITERATIONS], row, fit->iterations);
    put_text(last[REASON], row, failed ? fit->reason : NULL);
}

/* ---- parameters, read ---- */

ptn_parameters ptn_parameters_of(duckdb_vector vector, unsigned count)
{
    duckdb_logical_type type = duckdb_vector_get_column_type(vector);
    const idx_t first = duckdb_struct_type_child_count(type) > count ? BEFORE : 0;
    duckdb_destroy_logical_type(&type);
    ptn_parameters p = {.count = count, .valid = duckdb_vector_get_validity(vector)};
    for (unsigned k = 0; k < count; k++)
        p.at[k] = ptn_doubles_of(duckdb_struct_vector_get_child(vector, first + k));
    return p;
}

bool ptn_parameters_at(const ptn_parameters *parameters, idx_t row, double *out)
{
    if (ptn_is_null(parameters->valid, row) || ptn_any_null(parameters->at, parameters->count, row))
        return false;
    for (unsigned k = 0; k < parameters->count; k++)
        out[k] = parameters->at[k].value[row];
    return true;
}

/* ---- registration ---- */

static void *copy_of(const void *known, size_t size)
{
    void *copy = malloc(size);
    return copy ? memcpy(copy, known, size) : NULL;
}

static bool add_fit(duckdb_aggregate_function_set set, const ptn_fit_signature *s, idx_t numbers, bool prior,
                    duckdb_logical_type made)
{
    void *known = copy_of(s->known, s->known_size);
    if (!known)
        return false;
    duckdb_logical_type real = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    duckdb_aggregate_function function = duckdb_create_aggregate_function();
    duckdb_aggregate_function_set_name(function, s->name); /* each member of a set needs it */
    for (idx_t k = 0; k < numbers; k++)
        duckdb_aggregate_function_add_parameter(function, real);
    if (prior)
        duckdb_aggregate_function_add_parameter(function, text);
    duckdb_aggregate_function_set_return_type(function, made);
    duckdb_aggregate_function_set_functions(function, s->state_size, s->init, s->update, s->combine,
                                            s->finalize);
    duckdb_aggregate_function_set_destructor(function, s->destroy);
    duckdb_aggregate_function_set_special_handling(function); /* a NULL is ours to pass over */
    duckdb_aggregate_function_set_extra_info(function, known, free);
    const bool ok = duckdb_add_aggregate_function_to_set(set, function) == DuckDBSuccess;
    duckdb_destroy_aggregate_function(&function);
    duckdb_destroy_logical_type(&text);
    duckdb_destroy_logical_type(&real);
    return ok;
}

bool ptn_register_fit(duckdb_connection connection, const ptn_fit_signature *signature)
{
    duckdb_aggregate_function_set set = duckdb_create_aggregate_function_set(signature->name);
    duckdb_logical_type made = fit_type(&signature->names);
    bool ok = !signature->takes_prior || add_fit(set, signature, signature->most, true, made);
    for (idx_t numbers = signature->fewest; ok && numbers <= signature->most; numbers++)
        ok = add_fit(set, signature, numbers, false, made);
    ok = ok && duckdb_register_aggregate_function_set(connection, set) == DuckDBSuccess;
    duckdb_destroy_logical_type(&made);
    duckdb_destroy_aggregate_function_set(&set);
    return ok;
}

static bool add_score(duckdb_scalar_function_set set, const ptn_score_signature *s,
                      duckdb_logical_type params)
{
    void *known = copy_of(s->known, s->known_size);
    if (!known)
        return false;
    duckdb_logical_type real = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    duckdb_scalar_function function = duckdb_create_scalar_function();
    duckdb_scalar_function_set_name(function, s->name);
    duckdb_scalar_function_add_parameter(function, params);
    for (idx_t k = 0; k < s->numbers; k++)
        duckdb_scalar_function_add_parameter(function, real);
    duckdb_scalar_function_set_return_type(function, s->result);
    duckdb_scalar_function_set_special_handling(function); /* a NULL is ours to see */
    duckdb_scalar_function_set_function(function, s->run);
    duckdb_scalar_function_set_extra_info(function, known, free);
    const bool ok = duckdb_add_scalar_function_to_set(set, function) == DuckDBSuccess;
    duckdb_destroy_scalar_function(&function);
    duckdb_destroy_logical_type(&real);
    return ok;
}

bool ptn_register_score(duckdb_connection connection, const ptn_score_signature *signature)
{
    duckdb_scalar_function_set set = duckdb_create_scalar_function_set(signature->name);
    duckdb_logical_type by_hand = by_hand_type(&signature->names), from_fit = fit_type(&signature->names);
    const bool ok = add_score(set, signature, by_hand) && add_score(set, signature, from_fit)
                    && duckdb_register_scalar_function_set(connection, set) == DuckDBSuccess;
    duckdb_destroy_logical_type(&by_hand);
    duckdb_destroy_logical_type(&from_fit);
    duckdb_destroy_scalar_function_set(&set);
    return ok;
}
