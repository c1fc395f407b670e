-- The money read in each group and what became of it.
-- reads grouped (record.ledger with a column grp)   writes sums   grain: group
CREATE OR REPLACE TEMP VIEW sums AS
SELECT coalesce(grp, CASE WHEN fault IS NULL THEN 'none' ELSE 'unreadable' END) AS grp,
    coalesce(sum(amount), 0) AS amount_in,
    coalesce(sum(amount) FILTER (fault IS NULL AND NOT set_aside AND key IS NOT NULL), 0) AS attributed,
    coalesce(sum(amount) FILTER (fault IS NULL AND NOT set_aside AND key IS NULL), 0) AS unattributed,
    coalesce(sum(amount) FILTER (fault IS NOT NULL), 0) AS quarantined,
    coalesce(sum(amount) FILTER (fault IS NULL AND set_aside), 0) AS set_aside
FROM grouped
GROUP BY ALL;
