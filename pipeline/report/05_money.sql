-- The money equation of each source and currency, when persons are known.
-- reads money, record.minor_units   grain: source × currency
CREATE OR REPLACE TEMP VIEW money_by_source AS
SELECT source, currency, rows_read::BIGINT AS rows_read, rows_typed::BIGINT AS rows_typed, rows_quarantined::BIGINT AS rows_quarantined,
    rows_set_aside::BIGINT AS rows_set_aside, shown(amount_in, coalesce(minor, 2)) AS amount_in,
    shown(attributed, coalesce(minor, 2)) AS attributed, shown(unattributed, coalesce(minor, 2)) AS unattributed,
    shown(quarantined, coalesce(minor, 2)) AS quarantined, shown(set_aside, coalesce(minor, 2)) AS set_aside
FROM money LEFT JOIN record.minor_units USING (currency)
WHERE stage = 'identify'
ORDER BY source, currency <> getvariable('currency'), currency;
