-- reads value_changes   grain: cause
CREATE OR REPLACE TEMP VIEW value_by_cause AS
SELECT cause, count(*)::BIGINT AS customers, shown(sum(change), getvariable('minor')) AS change,
    shown(sum(by_purchases), getvariable('minor')) AS by_purchases, shown(sum(change) - shown(sum(by_purchases), getvariable('minor'))::DECIMAL(38, 4), getvariable('minor')) AS by_worth
FROM value_changes
GROUP BY cause
ORDER BY list_position(['new', 'gone', 'bought', 'returned', 'restated', 'other rows', 'time', 'model'], cause);
