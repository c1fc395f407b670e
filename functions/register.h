#ifndef PTN_REGISTER_H
#define PTN_REGISTER_H

/* Every SQL function that patron brings, into one connection's database. In the engine the host is the engine's; the
 * extension has its own, which nobody sets. */

#include <stdatomic.h>
#include <stdbool.h>

#include "duck.h"

/* What a running fit looks at and tells: DuckDB cannot interrupt an aggregate, so the engine sets `cancel`. */
typedef struct ptn_function_host {
    atomic_bool cancel;
    atomic_uint evaluations; /* likelihoods computed so far, over all fits: progress */
} ptn_function_host;

bool ptn_functions_register(duckdb_connection connection, ptn_function_host *host);

/* One file a stage. */
bool ptn_register_history(duckdb_connection connection);
bool ptn_register_forecast_fits(duckdb_connection connection, ptn_function_host *host);
bool ptn_register_forecast_scores(duckdb_connection connection);
bool ptn_register_spend(duckdb_connection connection, ptn_function_host *host);
bool ptn_register_models(duckdb_connection connection);
bool ptn_register_intervals(duckdb_connection connection);

#endif
