-- Sources with more than 20 rows and more than `share` of their rows, or of their absolute money, in quarantine, with the
-- commonest reason and its first place.
-- reads record.ledger, quarantine, money   grain: source
CREATE OR REPLACE TEMP MACRO over_limit(share) AS TABLE
WITH bad AS (
    SELECT source, count(*) AS bad, coalesce(sum(abs(amount)), 0) AS bad_money FROM quarantine GROUP BY source
), read AS (
    SELECT source, sum(rows_read)::BIGINT AS read FROM money WHERE stage = 'record' GROUP BY source
), moved AS (
    SELECT source, sum(abs(amount)) AS moved FROM record.ledger GROUP BY source
), commonest AS (
    SELECT source, code, column_name, reason, count(*) AS same,
        arg_min(coalesce(file, source) || ':' || source_row, source_row) AS place, arg_min(value, source_row) AS value
    FROM quarantine
    GROUP BY source, code, column_name, reason
    QUALIFY row_number() OVER (PARTITION BY source ORDER BY same DESC, code, column_name, reason) = 1
)
SELECT source, bad::BIGINT AS bad, read, code, column_name, reason, same::BIGINT AS same, place, value,
    bad_money::VARCHAR || ' ' || getvariable('currency') AS money
FROM bad JOIN read USING (source) JOIN commonest USING (source) LEFT JOIN moved USING (source)
WHERE bad > 20 AND (bad > share * read OR bad_money > share * coalesce(moved, 0))
ORDER BY source;
