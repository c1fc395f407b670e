-- A customer key seen for the first time is a new person; one seen before keeps its person. Keys are numbered in their own
-- order, so the same rows give the same numbers. One key names one person in all sources of a project.
-- reads reading, identify.persons   writes identify.persons   grain: key
INSERT INTO identify.persons
SELECT key, person, 'p_' || person
FROM (
    SELECT key, ((SELECT count(*) FROM identify.persons) + row_number() OVER (ORDER BY key))::INTEGER AS person
    FROM (SELECT DISTINCT key FROM reading WHERE NOT refused AND key IS NOT NULL)
    ANTI JOIN identify.persons USING (key)
);
