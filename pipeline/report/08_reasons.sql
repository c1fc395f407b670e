-- Why rows were refused; the amount is NULL where rows have none, or are in several currencies.
-- reads refused   grain: code
CREATE OR REPLACE TEMP VIEW refused_by_reason AS
SELECT code, min(reason) AS reason, count(*)::BIGINT AS rows,
    CASE WHEN count(DISTINCT currency) <= 1 THEN shown(sum(amount), getvariable('minor')) END AS amount
FROM refused
GROUP BY code
ORDER BY rows DESC, code;
