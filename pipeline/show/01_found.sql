-- Who is meant by `asked`: a person id, source:key or key (1), an e-mail (2), a name (3), or a part of a name or e-mail (4).
-- reads identify.persons, person_keys, record.people, customers   grain: person; the best way each was found
CREATE OR REPLACE TEMP TABLE found AS
WITH named AS (
    SELECT key, email, coalesce(name, nullif(concat_ws(' ', given_name, family_name), '')) AS name
    FROM record.people
    WHERE fault IS NULL
), ways AS (
    SELECT person_id, 1 AS way FROM customers WHERE person_id = getvariable('asked')
    UNION ALL
    SELECT person_id, 1 FROM person_keys WHERE key = getvariable('asked') OR source || ':' || key = getvariable('asked')
    UNION ALL
    SELECT person_id, CASE WHEN lower(email) = lower(getvariable('asked')) THEN 2 WHEN lower(named.name) = lower(getvariable('asked')) THEN 3 ELSE 4 END
    FROM named JOIN identify.persons USING (key)
    WHERE lower(email) = lower(getvariable('asked')) OR lower(named.name) = lower(getvariable('asked'))
        OR (length(getvariable('asked')) >= 3
            AND (contains(lower(named.name), lower(getvariable('asked'))) OR contains(lower(email), lower(getvariable('asked')))))
), best AS (
    SELECT person_id, min(way) AS way FROM ways GROUP BY person_id
)
SELECT c.person, c.person_id, c.name, c.value, c.revenue, c.last_seen, (SELECT min(key) FROM person_keys k WHERE k.person_id = c.person_id) AS key
FROM best JOIN customers c USING (person_id)
WHERE way = (SELECT min(way) FROM best)
ORDER BY c.value DESC NULLS LAST, c.person;
