-- What the published tables and their columns say of themselves to whoever opens the store: statements, run one by one.
-- reads share.published   writes comments   grain: table, and column
CREATE OR REPLACE TEMP VIEW comments AS
WITH words(column_name, is_words) AS (VALUES
    ('run_id', 'the build that wrote the row'), ('person_id', 'one human; the same from build to build'), ('key', 'how the source names the customer'),
    ('occurred_at', 'UTC'), ('amount', 'in its own currency: in above 0, out below'), ('known_at', 'when the row was first read'),
    ('source_row', 'row of the file'), ('frequency', 'purchase days after the first; NULL: never bought'),
    ('recency_days', 'from the first purchase day to the last; large is recent'), ('age_days', 'from the first purchase day to the as-of date'),
    ('idle_days', 'since the last purchase day'), ('revenue', 'sales and refunds so far'), ('margin', 'left after costs so far; NULL: costs unknown'),
    ('p_alive', 'chance to be a customer still'), ('p_buys', 'chance to buy within the horizon'), ('purchases', 'expected purchase days within the horizon'),
    ('margin_per_purchase', 'what one future purchase day is expected to leave'),
    ('value', 'expected within the horizon, discounted to the as-of date'), ('value_p10', 'one in ten falls below'), ('value_p90', 'one in ten falls above'),
    ('purchases_p10', 'one in ten falls below'), ('purchases_p90', 'one in ten falls above'),
    ('residual_value', 'all that is to come, for ever, discounted'), ('class', 'keep, grow or serve; NULL until it is decided'),
    ('horizon_days', 'how far ahead'), ('verdict', 'proven, average, not proven or not valued')
), words_of(table_name, column_name, is_words) AS (
    SELECT table_name, column_name, is_words FROM words, unnest(['customers', 'forecast', 'ledger', 'states', 'person_keys']) AS t(table_name)
    UNION ALL VALUES
    ('runs', 'settings', 'what patron.yaml, the command and the SELECTs said, these by hash'),
    ('model_scores', 'run_id', 'the build that wrote the row'), ('model_scores', 'model', 'the candidate, or same_rate: everyone goes on as before'),
    ('model_scores', 'calibration_end', 'the last day that was known'), ('model_scores', 'holdout_end', 'the last day of what came'),
    ('model_scores', 'metric', 'log_score, crps, rmse, mae, bias, ngini, ece, pit_share, coverage_80 and what that should be, totals, tenths'),
    ('model_scores', 'value', 'of the metric; NULL where it cannot be measured'), ('model_scores', 'chosen', 'it forecasts this horizon now'),
    ('model_scores', 'horizon_days', 'the horizon it was tried for'), ('model_scores', 'last', 'the day that no choice had seen')
)
SELECT place, 0 AS column_index, format('COMMENT ON {} {}.{} IS ''a row: {}''', CASE WHEN t.table_name IS NULL THEN 'VIEW' ELSE 'TABLE' END,
    p.schema_name, p.table_name, row_is) AS statement
FROM share.published p
LEFT JOIN duckdb_tables() t ON t.schema_name = p.schema_name AND t.table_name = p.table_name AND t.database_name = current_database()
UNION ALL
SELECT place, column_index, format('COMMENT ON COLUMN {}.{}."{}" IS ''{}''', p.schema_name, p.table_name, column_name, is_words)
FROM share.published p JOIN duckdb_columns() c USING (schema_name, table_name) JOIN words_of USING (table_name, column_name)
WHERE c.database_name = current_database() AND p.schema_name = 'main';
