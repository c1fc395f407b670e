-- Gives every customer key its person. A key seen before keeps its person; new keys are numbered in key order. One key
-- names one person in all sources of a project.
-- reads record.ledger, record.people, identify.persons   writes identify.persons   grain: key
INSERT INTO identify.persons
WITH keys AS (
    SELECT key FROM record.ledger WHERE fault IS NULL AND NOT set_aside AND key IS NOT NULL
    UNION
    SELECT key FROM record.people WHERE fault IS NULL
), fresh AS (
    SELECT key FROM keys ANTI JOIN identify.persons USING (key)
)
SELECT key, 'p_' || ((SELECT count(*) FROM identify.persons) + row_number() OVER (ORDER BY key)) AS person_id
FROM fresh;
