-- reads reading   writes record.refused   grain: one row that cannot be used, or is set aside
INSERT INTO record.refused BY NAME
SELECT getvariable('source') AS source, * EXCLUDE (run_id) FROM reading WHERE fault IS NOT NULL OR set_aside;
