#ifndef PTN_DUCK_H
#define PTN_DUCK_H

/* The one door to DuckDB's headers. In the engine its functions are linked; in patron.duckdb_extension they arrive
 * as a table of pointers (the stable C extension API), and the same calls go through that table. */

#ifdef PATRON_EXTENSION
#include <duckdb_extension.h>
DUCKDB_EXTENSION_EXTERN
#else
#define DUCKDB_API_NO_DEPRECATED
#include <duckdb.h>
#endif

#endif
