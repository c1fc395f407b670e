-- Which record of which source is which person.
-- reads record.ledger, record.people, identify.persons   writes person_keys   grain: source × key
CREATE OR REPLACE TABLE person_keys AS
WITH keys AS (
    SELECT source, key FROM record.ledger WHERE fault IS NULL AND NOT set_aside AND key IS NOT NULL
    UNION
    SELECT source, key FROM record.people WHERE fault IS NULL
)
SELECT getvariable('run_id') AS run_id, source, key, person_id
FROM keys JOIN identify.persons USING (key)
ORDER BY person_id, source;
