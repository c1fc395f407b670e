-- Amounts are in their own currency, with its decimals.
-- reads refused, record.minor_units   grain: row, ten at most
CREATE OR REPLACE TEMP VIEW largest_refused AS
SELECT source, file, source_row, column_name, value, reason, shown(amount, coalesce(minor, 2)) AS amount, currency
FROM refused LEFT JOIN record.minor_units USING (currency)
ORDER BY abs(amount) DESC NULLS LAST, source, file, source_row
LIMIT 10;
