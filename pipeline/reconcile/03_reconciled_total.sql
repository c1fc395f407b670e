-- All groups together beside one figure.
-- reads sums, theirs   grain: one row
CREATE OR REPLACE TEMP MACRO reconciled_total(total) AS TABLE
WITH both_sides AS (
    SELECT (SELECT coalesce(sum(amount_in), 0) FROM sums) AS amount_in, (SELECT coalesce(sum(attributed), 0) FROM sums) AS attributed,
        (SELECT coalesce(sum(unattributed), 0) FROM sums) AS unattributed, (SELECT coalesce(sum(quarantined), 0) FROM sums) AS quarantined,
        (SELECT coalesce(sum(set_aside), 0) FROM sums) AS set_aside,
        coalesce(total::DECIMAL(38, 4), (SELECT sum(amount) FROM theirs)) AS theirs
)
SELECT 'total', shown(amount_in, getvariable('minor')), shown(attributed, getvariable('minor')), shown(unattributed, getvariable('minor')),
    shown(quarantined, getvariable('minor')), shown(set_aside, getvariable('minor')), shown(theirs, getvariable('minor')),
    shown(amount_in - theirs, getvariable('minor'))
FROM both_sides;
