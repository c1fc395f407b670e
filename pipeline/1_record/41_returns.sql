-- Pairs each return with the latest earlier sale of the same customer and product that has quantity left; a return larger
-- than that sale goes on to the one before. A sale covers the levels it pushed the stack through; going back in time from
-- the return, each sale takes what later ones have not taken yet. What no sale covers stands as a row without a sale.
-- reads levels, ledger   writes returns   grain: return × sale it is paired with
INSERT INTO returns BY NAME
WITH candidates AS (
    SELECT r.source, r.file_id, r.source_row, r.key, r.product, r.place, r.occurred_at, r.amount, r.currency, r.project_amount, r.quantity,
        r.after AS lowest, s.source AS sale_source, s.file_id AS sale_file_id, s.source_row AS sale_row,
        s.occurred_at AS sold_at, s.before, s.after,
        least(r.before, min(s.before) OVER (PARTITION BY r.key, r.product, r.place ORDER BY s.place DESC
                                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS highest
    FROM levels r
    JOIN levels s ON s.key = r.key AND s.product = r.product AND s.place < r.place AND s.kind = 'sale'
    WHERE r.kind = 'refund'
), paired AS (
    SELECT *, least(after, highest) - greatest(before, lowest) AS paired_quantity
    FROM candidates
    WHERE least(after, highest) > greatest(before, lowest)
), covered AS (
    SELECT key, product, place, sum(paired_quantity) AS paired_quantity FROM paired GROUP BY ALL
)
SELECT source, file_id, source_row, key, product, occurred_at, amount, currency, project_amount, quantity,
    sale_source, sale_file_id, sale_row, sold_at, paired_quantity::DECIMAL(18, 3) AS paired_quantity, getvariable('run_id') AS run_id
FROM paired
UNION ALL -- more came back than was sold before
SELECT source, file_id, source_row, key, product, occurred_at, amount, currency, project_amount, quantity,
    NULL, NULL, NULL, NULL, (-quantity - coalesce(c.paired_quantity, 0))::DECIMAL(18, 3), getvariable('run_id')
FROM levels LEFT JOIN covered c USING (key, product, place)
WHERE kind = 'refund' AND coalesce(c.paired_quantity, 0) < -quantity
UNION ALL -- nobody, nothing or no number came back: there is no stack to look at
SELECT source, file_id, source_row, key, product, occurred_at, amount, currency, project_amount, quantity,
    NULL, NULL, NULL, NULL, greatest(coalesce(-quantity, 0), 0), getvariable('run_id')
FROM ledger
WHERE kind = 'refund' AND (getvariable('all_touched') OR key IS NULL OR key IN (SELECT key FROM touched))
    AND (key IS NULL OR product IS NULL OR quantity IS NULL OR quantity >= 0);
