-- reads gone   changes record.people
DELETE FROM record.people WHERE source = getvariable('source') AND (getvariable('whole') OR file_id IN (FROM gone));
