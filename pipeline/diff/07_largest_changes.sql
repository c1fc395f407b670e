-- reads value_changes, customers, person_keys   grain: person; the ten whose value changed most
CREATE OR REPLACE TEMP VIEW largest_changes AS
SELECT person_id, (SELECT min(key) FROM person_keys k WHERE k.person_id = v.person_id) AS key, c.name, cause,
    shown(before, getvariable('minor')) AS before, shown(after, getvariable('minor')) AS after, shown(change, getvariable('minor')) AS change,
    days, sales, refunds, restated, shown(sold, getvariable('minor')) AS sold, shown(refunded, getvariable('minor')) AS refunded,
    shown(restated_by, getvariable('minor')) AS restated_by
FROM value_changes v LEFT JOIN customers c USING (person_id)
WHERE change <> 0
ORDER BY abs(change) DESC, person_id
LIMIT 10;
