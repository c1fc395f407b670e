-- Files with rows that were too far ahead when they were read, and are not any more: they are read again. Where rows do not say
-- which file they are from, all files of the source.
-- reads record.refused, record.files   changes gone   grain: file
INSERT INTO gone
WITH due AS (
    SELECT file_id
    FROM record.refused
    WHERE source = getvariable('source') AND is_due(fault.code, occurred_at)
)
SELECT file_id
FROM record.files
WHERE source = getvariable('source') AND file_id NOT IN (FROM gone)
    AND (file_id IN (SELECT file_id FROM due WHERE file_id IS NOT NULL) OR EXISTS (FROM due WHERE file_id IS NULL));
