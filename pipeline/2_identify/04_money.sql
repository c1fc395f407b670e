-- The money equation again after persons are known: what entered against what is published, quarantined and set aside.
-- reads money (stage record), ledger, quarantine, record.ledger   writes money   grain: stage × source × currency
INSERT INTO money BY NAME
WITH entered AS (
    SELECT * FROM money WHERE stage = 'record'
), published AS (
    SELECT source, currency, count(*) AS rows_typed,
        coalesce(sum(amount) FILTER (person_id IS NOT NULL), 0) AS attributed,
        coalesce(sum(amount) FILTER (person_id IS NULL), 0) AS unattributed
    FROM ledger
    GROUP BY source, currency
), refused AS (
    SELECT source, coalesce(currency, getvariable('currency')) AS currency, count(*) AS rows_quarantined,
        coalesce(sum(amount), 0) AS quarantined
    FROM quarantine
    GROUP BY ALL
), aside AS (
    SELECT source, currency, count(*) AS rows_set_aside, coalesce(sum(amount), 0) AS set_aside
    FROM record.ledger
    WHERE set_aside AND fault IS NULL
    GROUP BY source, currency
)
SELECT getvariable('run_id') AS run_id, 'identify' AS stage, e.source, e.currency, e.rows_read,
    coalesce(p.rows_typed, CASE WHEN e.source IN (SELECT source FROM record.ledger) THEN 0 ELSE e.rows_typed END) AS rows_typed,
    coalesce(r.rows_quarantined, 0) AS rows_quarantined, coalesce(a.rows_set_aside, 0) AS rows_set_aside,
    e.amount_in, e.rounding,
    coalesce(p.attributed, 0)::total_money AS attributed, coalesce(p.unattributed, 0)::total_money AS unattributed,
    coalesce(r.quarantined, 0)::total_money AS quarantined, coalesce(a.set_aside, 0)::total_money AS set_aside
FROM entered e
LEFT JOIN published p ON p.source = e.source AND p.currency = e.currency
LEFT JOIN refused r ON r.source = e.source AND r.currency = e.currency
LEFT JOIN aside a ON a.source = e.source AND a.currency = e.currency
ORDER BY e.source, e.currency;
