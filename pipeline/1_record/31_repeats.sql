-- Rows of a source that say exactly what another row says. Across files they are the same row exported twice, and each
-- copy beyond what one file holds is set aside; inside one file they may be real second lines and are kept, unless
-- patron.yaml says  duplicates: drop.
-- reads record.reading   writes repeats (grain: one row that repeats another; set_aside says its fate)
CREATE OR REPLACE TEMP TABLE repeats AS
WITH prints AS (
    SELECT rowid AS row, file_id, source_row,
        hash(key, occurred_at, kind, amount, currency, quantity, product, is_product, channel, order_id,
             contract, extra) AS print
    FROM record.reading
    WHERE fault IS NULL
), shared AS ( -- most prints occur once: only the others are numbered
    SELECT prints.*
    FROM prints SEMI JOIN (SELECT print FROM prints GROUP BY print HAVING count(*) > 1) USING (print)
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY print, file_id ORDER BY source_row, row) AS copy
    FROM shared
)
SELECT row, copy > 1 AS in_file,
    row_number() OVER (PARTITION BY print, copy ORDER BY file_id, row) > 1
        OR (copy > 1 AND getvariable('duplicates') = 'drop') AS set_aside
FROM numbered
QUALIFY in_file OR set_aside;
