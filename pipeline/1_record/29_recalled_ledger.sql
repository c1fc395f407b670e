-- reads reading, new_files   changes ledger
DELETE FROM ledger
WHERE source = getvariable('source')
    AND (file_id, source_row) IN (SELECT (file_id, source_row) FROM reading WHERE file_id NOT IN (SELECT file_id FROM new_files));
