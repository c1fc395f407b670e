-- Keys that gain rows, or whose rows may have been set aside; nobody asks when all are touched.
-- reads reading   writes touched   grain: key
INSERT INTO touched SELECT DISTINCT key FROM reading WHERE NOT getvariable('all_touched') AND key IS NOT NULL AND fault IS NULL;
