-- Sources with more than 20 rows and more than `share` of their rows, or of their absolute money in some currency, in
-- quarantine, with the commonest reason and its first place.
-- reads record.ledger, quarantine, money, record.minor_units   grain: source
CREATE OR REPLACE TEMP MACRO over_limit(share) AS TABLE
WITH bad AS (
    SELECT source, count(*) AS bad FROM quarantine GROUP BY source
), read AS (
    SELECT source, sum(rows_read)::BIGINT AS read FROM money WHERE stage = 'record' GROUP BY source
), moved AS (
    SELECT source, currency::VARCHAR AS currency, sum(abs(amount)) AS moved, coalesce(sum(abs(amount)) FILTER (fault IS NOT NULL), 0) AS bad_money
    FROM record.ledger
    GROUP BY source, currency
), lost AS (
    SELECT source, bool_or(bad_money > share * moved) AS much,
        string_agg(shown(bad_money, coalesce(minor, 2)) || ' ' || currency, ' and ' ORDER BY currency <> getvariable('currency'), currency)
            FILTER (bad_money > 0) AS money
    FROM moved LEFT JOIN record.minor_units USING (currency)
    GROUP BY source
), commonest AS (
    SELECT source, code, column_name, reason, count(*) AS same,
        arg_min(coalesce(file, source) || ':' || source_row, source_row) AS place, arg_min(value, source_row) AS value
    FROM quarantine
    GROUP BY source, code, column_name, reason
    QUALIFY row_number() OVER (PARTITION BY source ORDER BY same DESC, code, column_name, reason) = 1
)
SELECT source, bad::BIGINT AS bad, read, code, column_name, reason, same::BIGINT AS same, place, value, money
FROM bad JOIN read USING (source) JOIN commonest USING (source) LEFT JOIN lost USING (source)
WHERE bad > 20 AND (bad > share * read OR much)
ORDER BY source;
