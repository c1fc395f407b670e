-- Cash flows within reach of the models, which differ between two kept runs. The same customer, moment, order, product and kind with
-- another amount or number of rows is restated. What only the newer run has is new when it is dated after the older one's as-of day,
-- and late otherwise; what only the older one has is beyond when it is dated after the newer one's, and gone otherwise.
-- reads ledger of both   grain: source × customer × moment × order × product × kind
CREATE OR REPLACE TEMP TABLE row_changes AS
SELECT CASE WHEN rows_before = 0 AND occurred_at >= (getvariable('before_as_of') + 1)::TIMESTAMP THEN 'new'
            WHEN rows_before = 0 THEN 'late'
            WHEN rows_after = 0 AND occurred_at >= (getvariable('after_as_of') + 1)::TIMESTAMP THEN 'beyond'
            WHEN rows_after = 0 THEN 'gone' ELSE 'restated' END AS change,
    person_id, occurred_at, kind, rows_before, rows_after, coalesce(amount_before, 0) AS amount_before, coalesce(amount_after, 0) AS amount_after
FROM (
    SELECT source, key, person_id, occurred_at, kind, order_id, product, currency,
        count(*) FILTER (NOT after) AS rows_before, count(*) FILTER (after) AS rows_after,
        sum(project_amount) FILTER (NOT after) AS amount_before, sum(project_amount) FILTER (after) AS amount_after
    FROM (
        SELECT source::VARCHAR AS source, key, person_id, occurred_at, kind::VARCHAR AS kind, order_id, product, currency::VARCHAR AS currency,
            project_amount, true AS after
        FROM ledger
        WHERE occurred_at < (getvariable('after_as_of') + 1)::TIMESTAMP
        UNION ALL
        SELECT source::VARCHAR, key, person_id, occurred_at, kind::VARCHAR, order_id, product, currency::VARCHAR, project_amount, false
        FROM patron_before.main.ledger
        WHERE occurred_at < (getvariable('before_as_of') + 1)::TIMESTAMP
    )
    GROUP BY ALL
)
WHERE rows_before <> rows_after OR amount_before IS DISTINCT FROM amount_after;
