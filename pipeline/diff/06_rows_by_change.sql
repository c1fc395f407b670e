-- reads row_changes   grain: new, late, restated, gone, beyond
CREATE OR REPLACE TEMP VIEW rows_by_change AS
SELECT change, sum(greatest(rows_before, rows_after))::BIGINT AS rows, shown(sum(amount_after - amount_before), getvariable('minor')) AS amount
FROM row_changes
GROUP BY change
ORDER BY list_position(['new', 'late', 'restated', 'gone', 'beyond'], change);
