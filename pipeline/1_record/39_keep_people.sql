-- reads reading   writes record.people   grain: one row read
INSERT INTO record.people BY NAME SELECT getvariable('source') AS source, * FROM reading;
