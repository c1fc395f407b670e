-- Which record of which source is which person.
-- reads ledger, record.people, identify.persons   writes person_keys   grain: source × key
CREATE OR REPLACE TABLE person_keys AS
WITH keys AS (
    SELECT DISTINCT source::VARCHAR AS source, person FROM ledger WHERE person IS NOT NULL
    UNION
    SELECT source, person FROM record.people JOIN identify.persons USING (key) WHERE fault IS NULL
)
SELECT getvariable('run_id') AS run_id, source, key, person_id
FROM keys JOIN identify.persons USING (person)
ORDER BY person, source;
