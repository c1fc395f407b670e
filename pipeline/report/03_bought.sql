-- How many buyers bought on each day up to as_of, by the day of their first purchase.
-- reads history.purchase_days   grain: first day × day
CREATE OR REPLACE TEMP TABLE bought AS
SELECT first_day, day, count(*) AS purchases
FROM (SELECT days[1] AS first_day, unnest(days) AS day FROM history.purchase_days)
WHERE day <= getvariable('as_of')
GROUP BY ALL;
