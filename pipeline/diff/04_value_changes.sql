-- How the value of each person changed, and what of it comes from expecting other purchases and what from another worth of each:
-- the two add up to the change. cause is the first that applies.
-- reads worth_before, worth_after, row_changes   grain: person whose value there was in either run
CREATE OR REPLACE TEMP TABLE value_changes AS
WITH touched AS (
    SELECT person_id, sum(rows_after) FILTER (change IN ('new', 'late') AND kind = 'sale' AND amount_after > 0) AS sales,
        sum(rows_after) FILTER (change IN ('new', 'late') AND kind = 'refund') AS refunds,
        count(*) FILTER (change IN ('gone', 'restated')) AS restated,
        sum(amount_after) FILTER (change IN ('new', 'late') AND kind = 'sale') AS sold,
        sum(amount_after) FILTER (change IN ('new', 'late') AND kind = 'refund') AS refunded,
        sum(amount_after - amount_before) FILTER (change IN ('gone', 'restated')) AS restated_by,
        sum(rows_after) AS rows_after,
        count(DISTINCT occurred_at::DATE) FILTER (change IN ('new', 'late') AND kind = 'sale' AND amount_after > 0) AS days
    FROM row_changes
    WHERE person_id IS NOT NULL
    GROUP BY person_id
), sides AS (
    SELECT coalesce(a.person_id, b.person_id) AS person_id, b.value AS before, a.value AS after,
        coalesce(a.value, 0) - coalesce(b.value, 0) AS change,
        ((a.discounted - b.discounted) * b.margin_per_purchase)::DECIMAL(18, 4) AS other_purchases
    FROM worth_after a FULL JOIN worth_before b USING (person_id)
)
SELECT sides.person_id,
    CASE WHEN before IS NULL THEN 'new' WHEN after IS NULL THEN 'gone' WHEN sales > 0 THEN 'bought' WHEN refunds > 0 THEN 'returned'
         WHEN restated > 0 THEN 'restated' WHEN rows_after > 0 THEN 'other rows' WHEN getvariable('after_as_of') <> getvariable('before_as_of') THEN 'time'
         ELSE 'model' END AS cause,
    before, after, change, CASE WHEN before IS NULL OR after IS NULL THEN change ELSE other_purchases END AS by_purchases,
    change - by_purchases AS by_worth,
    coalesce(sales, 0)::BIGINT AS sales, coalesce(refunds, 0)::BIGINT AS refunds, coalesce(restated, 0)::BIGINT AS restated, coalesce(sold, 0) AS sold,
    coalesce(refunded, 0) AS refunded, coalesce(restated_by, 0) AS restated_by, coalesce(days, 0)::BIGINT AS days
FROM sides LEFT JOIN touched USING (person_id);
