-- What one person has brought and cost so far, by kind, in the project's currency; and what stands after the as-of day.
-- reads ledger, runs   grain: kind × before or after the as-of day
CREATE OR REPLACE TEMP VIEW flows AS
SELECT kind::VARCHAR AS kind, occurred_at >= ((SELECT as_of FROM runs ORDER BY rowid DESC LIMIT 1) + 1)::TIMESTAMP AS later,
    count(*)::BIGINT AS lines, shown(sum(project_amount), getvariable('minor')) AS amount
FROM ledger
WHERE person = getvariable('person')
GROUP BY ALL
ORDER BY later, kind;
