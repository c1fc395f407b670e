-- reads reading   writes record.rates   grain: one row read
INSERT INTO record.rates BY NAME SELECT getvariable('source') AS source, * FROM reading;
