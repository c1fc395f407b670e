-- Customers won and repeat purchases of every day up to `until` (days since 1970-01-01).
-- reads history.purchase_days   grain: calendar day from the first purchase on
CREATE OR REPLACE TEMP MACRO daily_purchases(until) AS TABLE
WITH bought AS (
    SELECT days[1] AS first_day, unnest(days) AS day FROM history.purchase_days
), counted AS (
    SELECT day - DATE '1970-01-01' AS day, count(*) FILTER (day = first_day) AS won,
        count(*) FILTER (day > first_day) AS came
    FROM bought
    GROUP BY ALL
)
SELECT calendar.day::DOUBLE AS day, coalesce(won, 0)::DOUBLE AS won, coalesce(came, 0)::DOUBLE AS came
FROM (SELECT unnest(range((SELECT min(day) FROM counted), until + 1)) AS day) AS calendar
LEFT JOIN counted ON counted.day = calendar.day
ORDER BY calendar.day;
