-- reads gone   changes record.repeats_kept
DELETE FROM record.repeats_kept WHERE source = getvariable('source') AND (getvariable('whole') OR file_id IN (FROM gone));
