-- What happened between one person and the company, the latest first: the lines of one order, kind and day are one event.
-- reads timeline, runs   grain: day × stream × kind × order
CREATE OR REPLACE TEMP VIEW events AS
SELECT occurred_at::DATE::VARCHAR AS day, stream, kind, order_id, count(*)::BIGINT AS lines,
    shown(sum(amount), getvariable('minor')) AS amount, currency::VARCHAR AS currency, CASE WHEN count(*) = 1 THEN min(what) END AS what,
    occurred_at::DATE > (SELECT as_of FROM runs ORDER BY rowid DESC LIMIT 1) AS later
FROM timeline
WHERE person_id = getvariable('person_id')
GROUP BY occurred_at::DATE, stream, kind, order_id, currency
ORDER BY day DESC, max(occurred_at) DESC, kind, order_id;
