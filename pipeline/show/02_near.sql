-- Keys, names and e-mails that look like `asked`, when nobody is found by it.
-- reads person_keys, record.people   grain: word
CREATE OR REPLACE TEMP TABLE near AS
WITH words AS (
    SELECT key AS word FROM person_keys
    UNION
    SELECT coalesce(name, nullif(concat_ws(' ', given_name, family_name), '')) FROM record.people WHERE fault IS NULL
    UNION
    SELECT email FROM record.people WHERE fault IS NULL
)
SELECT word
FROM (SELECT word, damerau_levenshtein(lower(word), lower(getvariable('asked'))) AS distance FROM words WHERE length(word) < 100)
WHERE distance <= greatest(1, length(getvariable('asked')) // 3)
ORDER BY distance, word
LIMIT 5;
