-- Which record of which source is which person.
-- reads ledger, record.people, identify.persons   writes person_keys   grain: source × key
CREATE OR REPLACE TABLE person_keys AS
WITH keys AS (
    SELECT DISTINCT source::VARCHAR AS source, key FROM ledger WHERE key IS NOT NULL
    UNION
    SELECT source, key FROM record.people WHERE fault IS NULL
)
SELECT getvariable('run_id') AS run_id, source, key, person_id
FROM keys JOIN identify.persons USING (key)
ORDER BY person, source;
