-- Rows of a source that say exactly what another row says. Across files they are the same row exported twice, and each
-- copy beyond what one file holds is set aside; inside one file they may be real second lines and are kept, unless
-- patron.yaml says  duplicates: drop. The first file by name keeps its copy.
-- reads reading, record.files   writes repeats   grain: one row that repeats another; set_aside says its fate
CREATE OR REPLACE TEMP TABLE repeats AS
WITH shared AS ( -- most prints occur once: only the others are numbered
    SELECT reading.rowid AS row, file_id, source_row, print, name
    FROM reading SEMI JOIN (SELECT print FROM reading WHERE NOT refused GROUP BY print HAVING count(*) > 1) AS twice USING (print)
    LEFT JOIN record.files USING (file_id)
    WHERE NOT refused
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY print, file_id ORDER BY source_row, row) AS copy
    FROM shared
)
SELECT row, file_id, copy > 1 AS in_file,
    row_number() OVER (PARTITION BY print, copy ORDER BY name, row) > 1
        OR (copy > 1 AND getvariable('duplicates') = 'drop') AS set_aside
FROM numbered
QUALIFY in_file OR set_aside;
