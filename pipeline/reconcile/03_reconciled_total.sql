-- All groups together beside one figure.
-- reads sums, theirs   grain: one row
CREATE OR REPLACE TEMP MACRO reconciled_total(total) AS TABLE
WITH both_sides AS (
    SELECT (SELECT coalesce(sum(amount_in), 0) FROM sums) AS amount_in, (SELECT coalesce(sum(attributed), 0) FROM sums) AS attributed,
        (SELECT coalesce(sum(unattributed), 0) FROM sums) AS unattributed, (SELECT coalesce(sum(quarantined), 0) FROM sums) AS quarantined,
        (SELECT coalesce(sum(set_aside), 0) FROM sums) AS set_aside,
        coalesce(total::DECIMAL(38, 4), (SELECT sum(amount) FROM theirs)) AS theirs
)
SELECT 'total', amount_in::total_money::VARCHAR, attributed::total_money::VARCHAR, unattributed::total_money::VARCHAR,
    quarantined::total_money::VARCHAR, set_aside::total_money::VARCHAR, theirs::total_money::VARCHAR,
    (amount_in - theirs)::total_money::VARCHAR
FROM both_sides;
