-- The same when the older store is no longer kept: rows that are known, or within reach, since. What was restated or taken away in
-- between cannot be seen.
-- reads ledger   grain: cash flow
CREATE OR REPLACE TEMP TABLE row_changes AS
SELECT CASE WHEN occurred_at >= (getvariable('before_as_of') + 1)::TIMESTAMP THEN 'new' ELSE 'late' END AS change, person_id, occurred_at,
    kind::VARCHAR AS kind, 0 AS rows_before, 1 AS rows_after, 0::DECIMAL(18, 4) AS amount_before, project_amount AS amount_after
FROM ledger
WHERE (known_at > getvariable('before_known_at') OR occurred_at >= (getvariable('before_as_of') + 1)::TIMESTAMP)
    AND occurred_at < (getvariable('after_as_of') + 1)::TIMESTAMP;
