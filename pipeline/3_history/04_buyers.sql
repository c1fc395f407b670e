-- Where each person's history stands as of the day the forecast is made. Later purchases are unknown to it.
-- reads history.purchase_days   writes history.buyers   grain: person who had bought by then
CREATE OR REPLACE TABLE history.buyers AS
SELECT person, state.frequency, state.recency, state.age, days[1] AS first_day
FROM (SELECT person, days, history_state(days, getvariable('as_of'), 0) AS state FROM history.purchase_days)
WHERE state IS NOT NULL;
