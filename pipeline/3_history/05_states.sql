-- How many customers are in each state: all that the models of buying and leaving see.
-- reads history.buyers   writes states   grain: distinct state
CREATE OR REPLACE TABLE states AS
SELECT getvariable('run_id') AS run_id, frequency, recency AS recency_days, age AS age_days, count(*) AS customers
FROM history.buyers
GROUP BY frequency, recency, age
ORDER BY frequency, age, recency;
