-- reads refused   grain: row, ten at most
CREATE OR REPLACE TEMP VIEW largest_refused AS
SELECT source, file, source_row, column_name, value, reason, shown(amount, getvariable('minor')) AS amount
FROM refused
ORDER BY abs(amount) DESC NULLS LAST, source, file, source_row
LIMIT 10;
