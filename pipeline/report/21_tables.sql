-- The tables behind the page, and what one of their rows is.
-- reads duckdb_tables()   grain: table
CREATE OR REPLACE TEMP VIEW tables_behind AS
SELECT CASE WHEN schema_name = 'main' THEN table_name ELSE schema_name || '.' || table_name END AS "table", estimated_size::BIGINT AS rows,
    row_is AS comment
FROM duckdb_tables() JOIN (VALUES
    (1, 'main', 'customers', 'a person'), (2, 'main', 'forecast', 'a person and a horizon'),
    (3, 'main', 'ledger', 'a cash flow'), (4, 'main', 'returns', 'a cash flow that came back'), (5, 'main', 'person_keys', 'a key of a source'),
    (6, 'main', 'states', 'customers with the same history'), (7, 'main', 'models', 'a model and a parameter'),
    (8, 'main', 'model_scores', 'a model, a day in the past and a measure'), (9, 'forecast', 'horizons', 'a horizon'),
    (10, 'forecast', 'months', 'a month to come'), (11, 'track_record', 'weeks', 'a week of the last test'),
    (12, 'main', 'money', 'a stage, a source and a currency'), (13, 'main', 'quarantine', 'a row that could not be used'),
    (14, 'main', 'value_history', 'a run and a person'), (15, 'main', 'warnings', 'a warning'), (16, 'main', 'runs', 'a build')
) AS known(place, schema_name, table_name, row_is) USING (schema_name, table_name)
WHERE database_name = current_database()
ORDER BY place;
