#include "macros.h"

#include "patron/forecast.h"
#include "text.h"

/* The states in a table of customers, or of states with how many customers are in each. Times are named as in the functions
 * or as in the published tables. Inside the lateral query `customers` is the table's column; where it has none the name
 * falls through to the 1 beside it. */
static const char states_macro[] =
    "CREATE OR REPLACE TEMP MACRO forecast_states(rows_of) AS TABLE\n"
    "SELECT found.frequency, found.recency, found.age, found.customers\n"
    "FROM (SELECT 1 AS customers) AS each_row, LATERAL (\n"
    "    SELECT frequency, COLUMNS('^recency(_days)?$') AS recency, COLUMNS('^age(_days)?$') AS age, customers\n"
    "    FROM query_table(rows_of) AS given) AS found;\n";

static void add_model_of(ptn_text *sql, const char *model)
{
    ptn_text_addf(sql,
                  "CREATE OR REPLACE TEMP MACRO %s_model_of(rows_of, prior := 'weak') AS TABLE\n"
                  "SELECT unnest(%s_fit(frequency, recency, age, customers, prior)) FROM forecast_states(rows_of);\n",
                  model, model);
}

/* Each distinct state is scored once, in the order that is fast to score, and joined back. */
static void add_scores_of(ptn_text *sql, const char *model)
{
    ptn_text_addf(sql,
                  "CREATE OR REPLACE TEMP MACRO %s_scores_of(rows_of, horizon := 365, discount := 0.0003, chance := 0.8,"
                  " prior := 'weak') AS TABLE\n"
                  "WITH fitted AS (\n"
                  "    SELECT %s_fit(frequency, recency, age, customers, prior) AS params FROM forecast_states(rows_of)\n"
                  "), scored AS (\n"
                  "    SELECT frequency, recency, age,"
                  " %s_scores(params, frequency, recency, age, horizon, discount, chance) AS score\n"
                  "    FROM fitted, (SELECT DISTINCT frequency, recency, age FROM forecast_states(rows_of)\n"
                  "        ORDER BY frequency, age, recency)\n"
                  ")\n"
                  "SELECT given.* EXCLUDE (its_recency, its_age), score.p_alive, score.p_buys, score.purchases, score.residual,"
                  " score.low, score.high\n"
                  "FROM (SELECT *, COLUMNS('^recency(_days)?$') AS its_recency, COLUMNS('^age(_days)?$') AS its_age\n"
                  "    FROM query_table(rows_of)) AS given\n"
                  "LEFT JOIN scored ON scored.frequency = given.frequency AND scored.recency = its_recency"
                  " AND scored.age = its_age;\n",
                  model, model, model);
}

static void add_names(ptn_text *sql, const char *between)
{
    const patron_model *model;
    for (unsigned i = 0; (model = patron_model_at(i)); i++)
        ptn_text_addf(sql, "%s%s", i ? between : "", patron_model_describe(model)->name);
}

/* The model by its name. The condition is known when the statement is planned, so the other models cost nothing. */
static void add_forecast_scores(ptn_text *sql)
{
    const patron_model *model;
    ptn_text_addf(sql,
                  "CREATE OR REPLACE TEMP MACRO forecast_scores(rows_of, model := '%s', horizon := 365, discount := 0.0003,"
                  " chance := 0.8, prior := 'weak') AS TABLE\n",
                  patron_model_describe(patron_model_at(0))->name);
    for (unsigned i = 0; (model = patron_model_at(i)); i++) {
        const char *name = patron_model_describe(model)->name;
        ptn_text_addf(sql,
                      "%sFROM %s_scores_of(rows_of, horizon := horizon, discount := discount, chance := chance, prior := prior)\n"
                      "WHERE CASE WHEN model IN ('",
                      i ? "UNION ALL " : "", name);
        add_names(sql, "', '");
        ptn_text_addf(sql, "') THEN model = '%s' ELSE error('forecast_scores: model ''' || model || '''; there are ", name);
        add_names(sql, ", ");
        ptn_text_add(sql, "') END\n");
    }
    ptn_text_add(sql, ";\n");
}

patron_status ptn_macros_create(ptn_store *store, ptn_problem *problem)
{
    ptn_text sql = {0};
    const patron_model *model;
    ptn_text_add(&sql, states_macro);
    for (unsigned i = 0; (model = patron_model_at(i)); i++) {
        add_model_of(&sql, patron_model_describe(model)->name);
        add_scores_of(&sql, patron_model_describe(model)->name);
    }
    add_forecast_scores(&sql);
    const patron_status status = sql.failed ? ptn_out_of_memory(problem) : ptn_store_run(store, ptn_text_str(&sql), problem);
    ptn_text_free(&sql);
    return status;
}
