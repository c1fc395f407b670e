-- The two equations of every source, as it was read: rows and money in = typed + quarantined + set aside.
-- reads record.ledger, record.people, record.rates, record.unreadable   writes money   grain: stage × source × currency
CREATE OR REPLACE TABLE money AS
WITH read AS (
    SELECT source, currency, key, amount, rounding, fault IS NOT NULL AS bad, set_aside FROM record.ledger
    UNION ALL
    SELECT source, getvariable('currency'), key, NULL, NULL, fault IS NOT NULL, false FROM record.people
    UNION ALL
    SELECT source, getvariable('currency'), NULL, NULL, NULL, fault IS NOT NULL, false FROM record.rates
    UNION ALL
    SELECT source, getvariable('currency'), NULL, NULL, NULL, true, false FROM record.unreadable
)
SELECT getvariable('run_id') AS run_id, 'record' AS stage, source, currency,
    count(*) AS rows_read,
    count(*) FILTER (NOT bad AND NOT set_aside) AS rows_typed,
    count(*) FILTER (bad) AS rows_quarantined,
    count(*) FILTER (NOT bad AND set_aside) AS rows_set_aside,
    coalesce(sum(amount), 0)::total_money AS amount_in,
    coalesce(sum(rounding), 0)::DECIMAL(38, 6) AS rounding,
    coalesce(sum(amount) FILTER (NOT bad AND NOT set_aside AND key IS NOT NULL), 0)::total_money AS attributed,
    coalesce(sum(amount) FILTER (NOT bad AND NOT set_aside AND key IS NULL), 0)::total_money AS unattributed,
    coalesce(sum(amount) FILTER (bad), 0)::total_money AS quarantined,
    coalesce(sum(amount) FILTER (NOT bad AND set_aside), 0)::total_money AS set_aside
FROM read
GROUP BY source, currency
ORDER BY source, currency;
