-- reads gone   changes record.files
DELETE FROM record.files WHERE file_id IN (FROM gone);
