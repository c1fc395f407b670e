-- How many units a customer holds of a product before and after each sale and return, counted as a stack that never
-- falls below empty. Only customers and products with a return are followed.
-- reads ledger, touched   writes levels   grain: one sale or return of such a customer and product
CREATE OR REPLACE TEMP TABLE levels AS
WITH returned AS (
    SELECT DISTINCT person, product
    FROM ledger
    WHERE kind = 'refund' AND quantity < 0 AND product IS NOT NULL AND person IS NOT NULL
        AND (getvariable('all_touched') OR key IN (SELECT key FROM touched))
), followed AS ( -- few: by their row numbers, so that of all others two columns are read and nothing is kept
    SELECT source::VARCHAR AS source, file_id, source_row, key, product, occurred_at, kind, amount, currency::VARCHAR AS currency,
        project_amount, quantity
    FROM ledger
    WHERE rowid IN (SELECT ledger.rowid FROM ledger SEMI JOIN returned USING (person, product))
        AND ((kind = 'sale' AND quantity > 0) OR (kind = 'refund' AND quantity < 0))
), summed AS ( -- at the same moment the sale comes first; several lines may come from one row
    SELECT *, row_number() OVER line AS place, sum(quantity) OVER line AS held
    FROM followed
    WINDOW line AS (PARTITION BY key, product ORDER BY occurred_at, kind, source, file_id, source_row, quantity DESC, amount DESC)
), floored AS ( -- what was returned without ever being sold, so far: it does not lower the stack
    SELECT *, least(0, min(held) OVER (PARTITION BY key, product ORDER BY place)) AS never_sold
    FROM summed
)
SELECT *,
    held - never_sold AS after,
    coalesce(lag(held - never_sold) OVER (PARTITION BY key, product ORDER BY place), 0) AS before
FROM floored;
