-- reads gone   changes record.unreadable
DELETE FROM record.unreadable WHERE source = getvariable('source') AND (getvariable('whole') OR file_id IN (FROM gone));
