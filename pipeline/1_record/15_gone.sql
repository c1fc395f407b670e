-- Files of the source that are no longer there, or not as they were: their rows go.
-- reads record.files, inputs   writes gone   grain: file
CREATE OR REPLACE TEMP TABLE gone AS
SELECT f.file_id
FROM record.files f LEFT JOIN inputs i ON i.source = f.source AND i.file = f.file
WHERE f.source = getvariable('source')
    AND (getvariable('whole') OR i.file IS NULL OR i.size IS DISTINCT FROM f.size OR i.modified IS DISTINCT FROM f.modified);
