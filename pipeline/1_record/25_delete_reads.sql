-- reads gone   changes record.reads
DELETE FROM record.reads WHERE source = getvariable('source') AND (getvariable('whole') OR file_id IN (FROM gone));
