-- What persons brought each day up to as_of, in the measure of values.
-- reads ledger   grain: day
CREATE OR REPLACE TEMP TABLE daily AS
SELECT occurred_at::DATE AS day, sum(brought(kind, project_amount)) AS amount
FROM ledger
WHERE person_id IS NOT NULL AND occurred_at < (getvariable('as_of') + 1)::TIMESTAMP
GROUP BY ALL;
