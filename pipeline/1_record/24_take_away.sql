-- Keys that lose rows.
-- reads ledger, gone   writes touched   grain: key
INSERT INTO touched
SELECT DISTINCT key
FROM ledger
WHERE NOT getvariable('all_touched') AND key IS NOT NULL AND source = getvariable('source') AND (getvariable('whole') OR file_id IN (FROM gone));
