-- The records that are this one person, with how many cash flows each has.
-- reads person_keys, ledger, record.people   grain: source × key
CREATE OR REPLACE TEMP VIEW records AS
SELECT k.source, k.key, count(l.key)::BIGINT AS lines, shown(coalesce(sum(l.project_amount), 0), getvariable('minor')) AS amount,
    (SELECT max(coalesce(p.name, nullif(concat_ws(' ', p.given_name, p.family_name), ''))) FROM record.people p
     WHERE p.fault IS NULL AND p.source = k.source AND p.key = k.key) AS name,
    (SELECT max(email) FROM record.people p WHERE p.fault IS NULL AND p.source = k.source AND p.key = k.key) AS email
FROM person_keys k LEFT JOIN ledger l ON l.source::VARCHAR = k.source AND l.key = k.key
WHERE k.person_id = getvariable('person_id')
GROUP BY k.source, k.key
ORDER BY k.source, k.key;
