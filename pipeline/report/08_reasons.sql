-- Why rows were refused; the amount is NULL where rows have none, or are in several currencies; it has the decimals of its own.
-- reads refused, record.minor_units   grain: code
CREATE OR REPLACE TEMP VIEW refused_by_reason AS
SELECT code, min(reason) AS reason, count(*)::BIGINT AS rows,
    CASE WHEN count(DISTINCT currency) <= 1 THEN shown(sum(amount), coalesce(min(minor), 2)) END AS amount
FROM refused LEFT JOIN record.minor_units USING (currency)
GROUP BY code
ORDER BY rows DESC, code;
