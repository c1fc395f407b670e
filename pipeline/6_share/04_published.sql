-- The published tables and views: what one of their rows is, and how many there are.
-- writes share.published   grain: table
CREATE OR REPLACE TABLE share.published AS
SELECT * FROM (VALUES
    (1, 'main', 'customers', 'a person', (SELECT count(*) FROM customers)),
    (2, 'main', 'forecast', 'a person and a horizon', (SELECT count(*) FROM main.forecast)),
    (3, 'main', 'value', 'a person, a condition and a component', (SELECT count(*) FROM main.value)),
    (4, 'main', 'ledger', 'a cash flow', (SELECT count(*) FROM ledger)),
    (5, 'main', 'timeline', 'an event of a person', (SELECT count(*) FROM ledger WHERE person_id IS NOT NULL)),
    (6, 'main', 'returns', 'a cash flow that came back', (SELECT count(*) FROM returns)),
    (7, 'main', 'person_keys', 'a key of a source', (SELECT count(*) FROM person_keys)),
    (8, 'main', 'states', 'customers with the same history', (SELECT count(*) FROM states)),
    (9, 'main', 'models', 'a model and a parameter', (SELECT count(*) FROM models)),
    (10, 'main', 'model_scores', 'a model, a day in the past and a measure', (SELECT count(*) FROM model_scores)),
    (11, 'forecast', 'horizons', 'a horizon', (SELECT count(*) FROM forecast.horizons)),
    (12, 'forecast', 'months', 'a month to come', (SELECT count(*) FROM forecast.months)),
    (13, 'track_record', 'weeks', 'a week of the last test', (SELECT count(*) FROM track_record.weeks)),
    (14, 'main', 'money', 'a stage, a source and a currency', (SELECT count(*) FROM money)),
    (15, 'main', 'quarantine', 'a row that could not be used', (SELECT count(*) FROM quarantine)),
    (16, 'main', 'value_history', 'a run and a person', (SELECT count(*) FROM value_history)),
    (17, 'main', 'warnings', 'a warning', (SELECT count(*) FROM warnings)),
    (18, 'main', 'runs', 'a build', (SELECT count(*) + 1 FROM runs))
) AS known(place, schema_name, table_name, row_is, row_count);
