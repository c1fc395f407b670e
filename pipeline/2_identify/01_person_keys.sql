-- Persons that only a source of people names: their keys follow those of the ledger.
-- reads record.people, identify.persons   writes identify.persons   grain: key
INSERT INTO identify.persons
SELECT key, person, 'p_' || person
FROM (
    SELECT key, ((SELECT count(*) FROM identify.persons) + row_number() OVER (ORDER BY key))::INTEGER AS person
    FROM (SELECT DISTINCT key FROM record.people WHERE fault IS NULL)
    ANTI JOIN identify.persons USING (key)
);
