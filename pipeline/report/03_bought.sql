-- The days on which each buyer bought, up to as_of.
-- reads history.purchase_days   grain: person × purchase day
CREATE OR REPLACE TEMP TABLE bought AS
SELECT person, first_day, day
FROM (SELECT person, days[1] AS first_day, unnest(days) AS day FROM history.purchase_days)
WHERE day <= getvariable('as_of');
