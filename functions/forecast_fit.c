/* <model>_fit(frequency, recency, age [, customers [, prior]]): an aggregate over customers or over weighted states.
 *
 * Rows are gathered into distinct states as they come, in any order and on any number of threads; the fit sorts them, so
 * it gives the same bits for each, as long as customers are whole numbers. A row with a NULL is passed over, as aggregates
 * do. A fit that fails is a STRUCT whose status and reason say so, never an error; a row that is no state is an error. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fit.h"
#include "state.h"

/* Open addressing; a slot without weight is empty. */
typedef struct slot {
    double x, t_x, T, weight;
} slot;

typedef struct gathering {
    slot *slots;
    size_t used;
    int bits;
    ptn_said prior;
} gathering;

/* What the functions of one model know: shared by its overloads. */
typedef struct fit_function {
    const patron_model *model;
    ptn_function_host *host;
} fit_function;

static void fail(duckdb_function_info info, const patron_model *model, const char *text)
{
    char message[640];
    snprintf(message, sizeof message, "%s_fit: %s", patron_model_describe(model)->name, text);
    duckdb_aggregate_function_set_error(info, message);
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    value += 0.0; /* -0 is 0 */
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static size_t hash(double x, double t_x, double T, int bits)
{
    uint64_t h = bits_of(x) * UINT64_C(0x9E3779B97F4A7C15);
    h = (h ^ h >> 32 ^ bits_of(t_x)) * UINT64_C(0xD1342543DE82EF95);
    h = (h ^ h >> 32 ^ bits_of(T)) * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)((h ^ h >> 29) * UINT64_C(0xBF58476D1CE4E5B9) >> (64 - bits));
}

static slot *find(const gathering *g, double x, double t_x, double T)
{
    const size_t mask = ((size_t)1 << g->bits) - 1;
    size_t i = hash(x, t_x, T, g->bits);
    for (slot *s = &g->slots[i]; s->weight > 0; s = &g->slots[i]) {
        if (s->x == x && s->t_x == t_x && s->T == T)
            return s;
        i = (i + 1) & mask;
    }
    return &g->slots[i];
}

static bool reserve(gathering *g, size_t used)
{
    gathering more = *g;
    more.bits = g->slots ? g->bits : 3;
    while (used * 4 > (size_t)3 << more.bits)
        more.bits++;
    if (g->slots && more.bits == g->bits)
        return true;
    more.slots = calloc((size_t)1 << more.bits, sizeof *more.slots);
    if (!more.slots)
        return false;
    for (size_t i = 0; g->slots && i < (size_t)1 << g->bits; i++)
        if (g->slots[i].weight > 0)
            *find(&more, g->slots[i].x, g->slots[i].t_x, g->slots[i].T) = g->slots[i];
    free(g->slots);
    *g = more;
    return true;
}

static bool add(gathering *g, double x, double t_x, double T, double weight)
{
    if (!reserve(g, g->used + 1))
        return false;
    slot *s = find(g, x, t_x, T);
    g->used += !(s->weight > 0);
    *s = (slot){x, t_x, T, s->weight + weight};
    return true;
}

static idx_t state_size(duckdb_function_info info)
{
    (void)info;
    return sizeof(gathering);
}

static void state_init(duckdb_function_info info, duckdb_aggregate_state state)
{
    (void)info;
    memset(state, 0, sizeof(gathering));
}

static void state_destroy(duckdb_aggregate_state *states, idx_t n)
{
    for (idx_t k = 0; k < n; k++) {
        gathering *g = (gathering *)states[k];
        free(g->slots);
        g->slots = NULL;
    }
}

/* One row. NULL, or what is wrong with it, which may be written into text. */
static const char *take(gathering *g, double x, double t_x, double T, double w, char *text, size_t size)
{
    const char *fault = ptn_state_fault(x, t_x, T);
    if (fault) {
        ptn_state_words(text, size, x, t_x, T, fault);
        return text;
    }
    if (!(w > 0 && w <= DBL_MAX)) {
        snprintf(text, size, "customers %.15g: a finite number above 0 was expected", w);
        return text;
    }
    return add(g, x, t_x, T, w) ? NULL : "out of memory";
}

static void update(duckdb_function_info info, duckdb_data_chunk input, duckdb_aggregate_state *states)
{
    const fit_function *self = duckdb_aggregate_function_get_extra_info(info);
    const idx_t columns = duckdb_data_chunk_get_column_count(input), rows = duckdb_data_chunk_get_size(input);
    const idx_t numbers = columns < 4 ? columns : 4;
    const ptn_words priors =
        columns == 5 ? ptn_words_of(duckdb_data_chunk_get_vector(input, 4)) : (ptn_words){0};
    ptn_doubles in[4];
    ptn_doubles_of_chunk(input, 0, numbers, in);
    for (idx_t i = 0; i < rows; i++) {
        gathering *g = (gathering *)states[i];
        char text[240];
        if (ptn_any_null(in, numbers, i) || ptn_is_null(priors.valid, i))
            continue;
        const char *fault = priors.word ? ptn_say_prior(&g->prior, &priors.word[i], text, sizeof text) : NULL;
        if (!fault)
            fault = take(g, in[0].value[i], in[1].value[i], in[2].value[i], numbers > 3 ? in[3].value[i] : 1,
                         text, sizeof text);
        if (fault) {
            fail(info, self->model, fault);
            return;
        }
    }
}

/* Copies, never steals: a window may combine its source again. Room for both comes first, since filling a table from
 * another's slot order crowds its front. */
static void combine(duckdb_function_info info, duckdb_aggregate_state *source, duckdb_aggregate_state *target,
                    idx_t n)
{
    const fit_function *self = duckdb_aggregate_function_get_extra_info(info);
    for (idx_t k = 0; k < n; k++) {
        const gathering *from = (const gathering *)source[k];
        gathering *to = (gathering *)target[k];
        if (from->used == 0)
            continue;
        const char *fault = ptn_say_as(&to->prior, from->prior);
        bool ok = reserve(to, from->used + to->used);
        for (size_t i = 0; ok && i < (size_t)1 << from->bits; i++)
            ok = !(from->slots[i].weight > 0)
                 || add(to, from->slots[i].x, from->slots[i].t_x, from->slots[i].T, from->slots[i].weight);
        if (fault || !ok) {
            fail(info, self->model, fault ? fault : "out of memory");
            return;
        }
    }
}

static patron_status run_fit(const fit_function *self, const gathering *g, patron_fit *fit, patron_error *err)
{
    const patron_fit_options options = {
        .prior = ptn_prior_of(g->prior), .progress = ptn_fit_progress, .context = self->host};
    double *x = malloc(4 * g->used * sizeof *x);
    size_t n = 0;
    if (!x) {
        snprintf(err->message, sizeof err->message, "out of memory");
        return PATRON_ENOMEM;
    }
    double *t_x = x + g->used, *T = t_x + g->used, *weight = T + g->used;
    for (size_t i = 0; i < (size_t)1 << g->bits; i++)
        if (g->slots[i].weight > 0) {
            x[n] = g->slots[i].x;
            t_x[n] = g->slots[i].t_x;
            T[n] = g->slots[i].T;
            weight[n++] = g->slots[i].weight;
        }
    const patron_states states = {.n = n, .frequency = x, .recency = t_x, .age = T, .weight = weight};
    const patron_status status = patron_model_fit(self->model, &states, &options, fit, err);
    free(x);
    return status;
}

static ptn_parameter_names names_of(const patron_model *model)
{
    const patron_model_info *about = patron_model_describe(model);
    return (ptn_parameter_names){about->parameter_count, about->parameter};
}

static void finalize(duckdb_function_info info, duckdb_aggregate_state *states, duckdb_vector out, idx_t n,
                     idx_t offset)
{
    const fit_function *self = duckdb_aggregate_function_get_extra_info(info);
    const ptn_parameter_names names = names_of(self->model);
    for (idx_t k = 0; k < n; k++) {
        const gathering *g = (const gathering *)states[k];
        patron_error err = {0};
        patron_fit fit;
        if (g->used == 0) {
            ptn_fit_write(out, offset + k, &names, NULL);
            continue;
        }
        const patron_status status = run_fit(self, g, &fit, &err);
        if (status == PATRON_ENOMEM || status == PATRON_ECANCELLED) {
            fail(info, self->model, ptn_without_name(err.message, patron_model_describe(self->model)->name));
            state_destroy(states, n); /* after an error here DuckDB 1.5 forgets its destructor */
            return;
        }
        ptn_fit_write(
            out, offset + k, &names,
            &(ptn_fit_row){.status = fit.status,
                           .limit = fit.limit,
                           .reason = ptn_without_name(err.message, patron_model_describe(self->model)->name),
                           .parameters = fit.parameters,
                           .log_likelihood = fit.log_likelihood,
                           .customers = fit.customers,
                           .states = (int64_t)fit.states,
                           .iterations = fit.iterations});
    }
}

static bool register_fit(duckdb_connection connection, const patron_model *model, ptn_function_host *host)
{
    const fit_function self = {model, host};
    char name[80];
    snprintf(name, sizeof name, "%s_fit", patron_model_describe(model)->name);
    return ptn_register_fit(connection, &(ptn_fit_signature){.name = name,
                                                             .names = names_of(model),
                                                             .fewest = 3,
                                                             .most = 4,
                                                             .takes_prior = true,
                                                             .state_size = state_size,
                                                             .init = state_init,
                                                             .update = update,
                                                             .combine = combine,
                                                             .finalize = finalize,
                                                             .destroy = state_destroy,
                                                             .known = &self,
                                                             .known_size = sizeof self});
}

bool ptn_register_forecast_fits(duckdb_connection connection, ptn_function_host *host)
{
    bool ok = true;
    const patron_model *model;
    for (unsigned i = 0; ok && (model = patron_model_at(i)); i++)
        ok = register_fit(connection, model, host);
    return ok;
}
