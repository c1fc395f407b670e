#ifndef PTN_FIT_H
#define PTN_FIT_H

/* What a fit gives in SQL and a score takes, for every model the same:
 *     STRUCT(status, limit, <the parameters>, log_likelihood, customers, states, iterations, reason)
 * A score also takes the parameters alone, as someone writes them by hand: {'r': 0.55, 'alpha': 74, 's': 0.61, 'beta': 82}. */

#include "patron/forecast.h"
#include "register.h"
#include "vectors.h"

typedef struct ptn_parameter_names {
    unsigned count;
    const char *const *name;
} ptn_parameter_names;

typedef struct ptn_fit_row {
    patron_fit_status status;
    const char *limit;                /* at a boundary: which */
    const char *reason;               /* when it failed: why */
    const double *parameters;         /* unless it failed */
    double log_likelihood, customers; /* NaN: not told */
    int64_t states, iterations;       /* -1: not told */
} ptn_fit_row;

/* The library's words without the model's name, which stands in the function's. */
const char *ptn_without_name(const char *message, const char *model);

/* For patron_fit_options: context is the ptn_function_host. */
bool ptn_fit_progress(void *context, unsigned evaluations, double log_likelihood);

/* What the rows of a fit say of the prior: all the same. */
typedef enum ptn_said { PTN_SAID_NOTHING, PTN_SAID_WEAK, PTN_SAID_NONE } ptn_said;

/* NULL, or what is wrong with another row's word, written into text. */
const char *ptn_say_prior(ptn_said *said, const duckdb_string_t *word, char *text, size_t size);
const char *ptn_say_as(ptn_said *said, ptn_said other); /* what another thread's rows said */
static inline patron_prior ptn_prior_of(ptn_said said)
{
    return said == PTN_SAID_NONE ? PATRON_PRIOR_NONE : PATRON_PRIOR_WEAK;
}

/* A fit into a row; NULL gives NULL. */
void ptn_fit_write(duckdb_vector out, idx_t row, const ptn_parameter_names *names, const ptn_fit_row *fit);

/* The parameters of a chunk's rows, out of either STRUCT. */
typedef struct ptn_parameters {
    unsigned count;
    const uint64_t *valid;
    ptn_doubles at[PATRON_PARAMETERS_MAX];
} ptn_parameters;

ptn_parameters ptn_parameters_of(duckdb_vector vector, unsigned count);
/* False: the row is NULL, or one of them is. */
bool ptn_parameters_at(const ptn_parameters *parameters, idx_t row, double *out);

/* An aggregate <name>(numbers ... [, prior]) that gives a fit. `known` is copied for each overload. */
typedef struct ptn_fit_signature {
    const char *name;
    ptn_parameter_names names;
    idx_t fewest, most; /* numbers: an overload for each count */
    bool takes_prior;   /* and one with the prior after all of them */
    duckdb_aggregate_state_size state_size;
    duckdb_aggregate_init_t init;
    duckdb_aggregate_update_t update;
    duckdb_aggregate_combine_t combine;
    duckdb_aggregate_finalize_t finalize;
    duckdb_aggregate_destroy_t destroy;
    const void *known; /* what these find as their extra info */
    size_t known_size;
} ptn_fit_signature;

bool ptn_register_fit(duckdb_connection connection, const ptn_fit_signature *signature);

/* A scalar of the first argument params, in two overloads, one for either STRUCT. `known` is copied for each. */
typedef struct ptn_score_signature {
    const char *name;
    ptn_parameter_names names;
    idx_t numbers; /* arguments after params */
    duckdb_logical_type result;
    duckdb_scalar_function_t run;
    const void *known; /* what run finds as its extra info */
    size_t known_size;
} ptn_score_signature;

bool ptn_register_score(duckdb_connection connection, const ptn_score_signature *signature);

#endif
