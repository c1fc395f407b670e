-- Files of the source to be read, with the numbers they will have.
-- reads inputs, record.files, gone   writes new_files   grain: file
CREATE OR REPLACE TEMP TABLE new_files AS
SELECT ((SELECT coalesce(max(file_id), 0) FROM record.files) + row_number() OVER (ORDER BY file))::INTEGER AS file_id, source, file,
    name, size, modified
FROM inputs i
WHERE source = getvariable('source')
    AND file NOT IN (SELECT file FROM record.files f WHERE f.source = i.source AND file_id NOT IN (FROM gone));
