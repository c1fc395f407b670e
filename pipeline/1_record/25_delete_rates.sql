-- reads gone   changes record.rates
DELETE FROM record.rates WHERE source = getvariable('source') AND (getvariable('whole') OR file_id IN (FROM gone));
