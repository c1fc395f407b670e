-- What persons brought in the whole months before, two years at most, counted back from as_of as the months to come are counted on.
-- reads daily   grain: month
CREATE OR REPLACE TEMP VIEW months_before AS
WITH months AS (
    SELECT k, (getvariable('as_of') - to_months(k))::DATE + 1 AS from_day, (getvariable('as_of') - to_months(k - 1))::DATE AS to_day
    FROM range(1, 25) AS months(k)
)
SELECT from_day::VARCHAR AS "from", to_day::VARCHAR AS "to", coalesce(sum(amount), 0)::DOUBLE AS value
FROM months LEFT JOIN daily ON daily.day BETWEEN from_day AND to_day
WHERE from_day >= (SELECT min(day) FROM daily)
GROUP BY from_day, to_day
ORDER BY from_day;
