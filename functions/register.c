#include "register.h"

bool ptn_functions_register(duckdb_connection connection, ptn_function_host *host)
{
    return ptn_register_history(connection) && ptn_register_forecast_fits(connection, host)
           && ptn_register_forecast_scores(connection) && ptn_register_spend(connection, host)
           && ptn_register_models(connection) && ptn_register_intervals(connection);
}

#ifdef PATRON_EXTENSION
/* A host without an engine: nobody cancels. */
static ptn_function_host nobody;

/* DuckDB looks this name up when it loads the file. */
DUCKDB_EXTENSION_ENTRYPOINT(duckdb_connection connection, duckdb_extension_info info,
                            struct duckdb_extension_access *access)
{
    const bool ok = ptn_functions_register(connection, &nobody);
    if (!ok)
        access->set_error(info, "patron: its functions could not be registered");
    return ok;
}
#endif
