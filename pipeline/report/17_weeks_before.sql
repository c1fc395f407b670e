-- What the same people bought in the weeks before that forecast, as many as it has, 26 at most; whole weeks since the first purchase.
-- reads bought, test_weeks   grain: week
CREATE OR REPLACE TEMP VIEW weeks_before AS
WITH test AS (
    SELECT min(made_on) AS made_on, least(26, count(*)) AS weeks FROM test_weeks
), weeks AS (
    SELECT (made_on - (7 * k - 1)::INTEGER)::DATE AS from_day FROM test, range(1, 27) AS weeks(k) WHERE k <= weeks
)
SELECT from_day::VARCHAR AS "from", coalesce(sum(purchases), 0)::BIGINT AS came
FROM weeks LEFT JOIN bought ON bought.day BETWEEN from_day AND from_day + 6
WHERE from_day >= (SELECT min(first_day) FROM bought)
GROUP BY from_day
ORDER BY from_day;
