-- For streams without money.
-- reads reading   writes record.reads   grain: source × file
INSERT INTO record.reads
SELECT getvariable('source'), file_id, getvariable('currency'), count(*), 0, 0 FROM reading GROUP BY file_id;
