-- reads reading   writes record.refused   grain: one row that cannot be used, or is set aside
INSERT INTO record.refused BY NAME
SELECT getvariable('source') AS source, * EXCLUDE (run_id, refused, print) FROM reading WHERE refused;
