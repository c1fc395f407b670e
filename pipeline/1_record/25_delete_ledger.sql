-- reads gone   changes ledger
DELETE FROM ledger WHERE source = getvariable('source') AND (getvariable('whole') OR file_id IN (FROM gone));
