-- The states of a past day and what each customer bought in the horizon after it; of one customer in `every`, drawn by lot.
-- reads history.purchase_days, identify.persons   grain: distinct state × purchases that came
CREATE OR REPLACE TEMP MACRO states_at(day, horizon, every) AS TABLE
SELECT s.frequency::DOUBLE AS frequency, s.recency::DOUBLE AS recency, s.age::DOUBLE AS age, s.later::DOUBLE AS later,
    count(*)::DOUBLE AS customers
FROM (
    SELECT history_state(days, DATE '1970-01-01' + day::INTEGER, horizon::INTEGER) AS s
    FROM history.purchase_days SEMI JOIN (SELECT person FROM identify.persons WHERE drawn(key, every)) USING (person)
)
WHERE s IS NOT NULL
GROUP BY ALL
ORDER BY ALL;
