-- On how many days one person bought in each of the 24 months that end with that of the as-of day.
-- reads history.purchase_days, runs   grain: month
CREATE OR REPLACE TEMP VIEW months_bought AS
WITH today AS (
    SELECT as_of FROM runs ORDER BY rowid DESC LIMIT 1
), days AS (
    SELECT unnest(days) AS day FROM history.purchase_days WHERE person = getvariable('person')
)
SELECT (date_trunc('month', as_of) - INTERVAL (23 - n) MONTH)::DATE::VARCHAR AS month,
    count(day) FILTER (day <= as_of)::BIGINT AS purchases
FROM today CROSS JOIN range(24) AS months(n)
LEFT JOIN days ON date_trunc('month', day) = date_trunc('month', as_of) - INTERVAL (23 - n) MONTH
GROUP BY ALL
ORDER BY month;
