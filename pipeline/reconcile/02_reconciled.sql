-- Each group beside finance's figure for it; a group that only one side has stands with a 0 on the other.
-- reads sums, theirs   writes reconciled   grain: group
CREATE OR REPLACE TEMP VIEW reconciled AS
SELECT coalesce(s.grp, t.grp) AS grp, shown(coalesce(amount_in, 0), getvariable('minor')) AS amount_in,
    shown(coalesce(attributed, 0), getvariable('minor')) AS attributed, shown(coalesce(unattributed, 0), getvariable('minor')) AS unattributed,
    shown(coalesce(quarantined, 0), getvariable('minor')) AS quarantined, shown(coalesce(set_aside, 0), getvariable('minor')) AS set_aside,
    shown(t.amount, getvariable('minor')) AS theirs,
    CASE WHEN (SELECT count(*) FROM theirs) > 0
         THEN shown(coalesce(amount_in, 0) - coalesce(t.amount, 0), getvariable('minor')) END AS difference
FROM sums s FULL JOIN theirs t ON s.grp = t.grp
ORDER BY 1;
