-- What happened between one person and the company, the latest first: the lines of one order, kind and day are one event.
-- Amounts are in their own currency, with its decimals.
-- reads timeline, runs, record.minor_units   grain: day × stream × kind × order
CREATE OR REPLACE TEMP VIEW events AS
SELECT occurred_at::DATE::VARCHAR AS day, stream, kind, order_id, count(*)::BIGINT AS lines,
    shown(sum(amount), coalesce(min(minor), 2)) AS amount, timeline.currency::VARCHAR AS currency, CASE WHEN count(*) = 1 THEN min(what) END AS what,
    occurred_at::DATE > (SELECT as_of FROM runs ORDER BY rowid DESC LIMIT 1) AS later
FROM timeline LEFT JOIN record.minor_units ON minor_units.currency = timeline.currency::VARCHAR
WHERE person_id = getvariable('person_id')
GROUP BY occurred_at::DATE, stream, kind, order_id, timeline.currency
ORDER BY day DESC, max(occurred_at) DESC, kind, order_id;
