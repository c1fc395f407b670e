-- reads reading   writes record.reads   grain: source × file × currency
INSERT INTO record.reads
SELECT getvariable('source'), file_id, currency, count(*), coalesce(sum(amount), 0), coalesce(sum(rounding), 0)
FROM reading
GROUP BY file_id, currency;
