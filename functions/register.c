#include "register.h"

bool ptn_functions_register(duckdb_connection connection, ptn_function_host *host)
{
    return ptn_register_history(connection) && ptn_register_forecast_fits(connection, host) && ptn_register_forecast_scores(connection) &&
           ptn_register_spend(connection) && ptn_register_models(connection);
}

#ifdef PATRON_EXTENSION
static ptn_function_host extension_host;

/* DuckDB looks this name up when it loads the file; the macro defines it without declaring it. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
DUCKDB_EXTENSION_ENTRYPOINT(duckdb_connection connection, duckdb_extension_info info, struct duckdb_extension_access *access)
{
    const bool ok = ptn_functions_register(connection, &extension_host);
    if (!ok)
        access->set_error(info, "patron: its functions could not be registered");
    return ok;
}
#endif
