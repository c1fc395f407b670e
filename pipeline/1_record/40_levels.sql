-- How many units a customer holds of a product before and after each sale and return, counted as a stack that never
-- falls below empty. Only customers and products with a return are followed.
-- reads ledger, touched   writes levels   grain: one sale or return of such a customer and product
CREATE OR REPLACE TEMP TABLE levels AS
WITH moves AS (
    SELECT source::VARCHAR AS source, file_id, source_row, key, product, occurred_at, kind, amount, currency::VARCHAR AS currency, project_amount, quantity
    FROM ledger
    WHERE key IN (SELECT key FROM touched) AND product IS NOT NULL
        AND ((kind = 'sale' AND quantity > 0) OR (kind = 'refund' AND quantity < 0))
), followed AS (
    SELECT moves.* FROM moves SEMI JOIN (SELECT DISTINCT key, product FROM moves WHERE kind = 'refund') USING (key, product)
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
