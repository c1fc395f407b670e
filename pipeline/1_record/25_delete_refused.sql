-- reads gone   changes record.refused
DELETE FROM record.refused WHERE source = getvariable('source') AND (getvariable('whole') OR file_id IN (FROM gone));
