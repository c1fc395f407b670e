-- Each group beside finance's figure for it; a group that only one side has stands with a 0 on the other.
-- reads sums, theirs   writes reconciled   grain: group
CREATE OR REPLACE TEMP VIEW reconciled AS
SELECT coalesce(s.grp, t.grp) AS grp, coalesce(amount_in, 0)::total_money::VARCHAR AS amount_in,
    coalesce(attributed, 0)::total_money::VARCHAR AS attributed, coalesce(unattributed, 0)::total_money::VARCHAR AS unattributed,
    coalesce(quarantined, 0)::total_money::VARCHAR AS quarantined, coalesce(set_aside, 0)::total_money::VARCHAR AS set_aside,
    t.amount::total_money::VARCHAR AS theirs,
    CASE WHEN (SELECT count(*) FROM theirs) > 0
         THEN (coalesce(amount_in, 0) - coalesce(t.amount, 0))::total_money::VARCHAR END AS difference
FROM sums s FULL JOIN theirs t ON s.grp = t.grp
ORDER BY 1;
