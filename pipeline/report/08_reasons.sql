-- Why rows were refused, and what they come to; the amount is NULL where rows have none, and has the decimals of its currency.
-- reads refused, record.minor_units   grain: code × currency
CREATE OR REPLACE TEMP VIEW refused_by_reason AS
SELECT code, min(reason) AS reason, count(*)::BIGINT AS rows, shown(sum(amount), coalesce(min(minor), 2)) AS amount,
    CASE WHEN count(amount) > 0 THEN currency::VARCHAR END AS currency
FROM refused LEFT JOIN record.minor_units USING (currency)
GROUP BY code, currency
ORDER BY rows DESC, code, currency;
