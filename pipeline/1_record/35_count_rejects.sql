-- Lines that could not be split were read too; what money they name is not known.
-- reads record.unreadable   writes record.reads   grain: source × file
INSERT INTO record.reads
SELECT source, file_id, getvariable('currency'), count(*), 0, 0
FROM record.unreadable
WHERE source = getvariable('source')
GROUP BY source, file_id;
