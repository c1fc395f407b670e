-- The first twelve of the months to come.
-- reads forecast.months   grain: month
CREATE OR REPLACE TEMP VIEW months_ahead AS
SELECT from_day::VARCHAR AS "from", to_day::VARCHAR AS "to", purchases, value::DOUBLE AS value, p10::DOUBLE AS p10, p25::DOUBLE AS p25,
    p75::DOUBLE AS p75, p90::DOUBLE AS p90, undiscounted::DOUBLE AS undiscounted, to_date::DOUBLE AS to_date,
    to_date_p10::DOUBLE AS to_date_p10, to_date_p90::DOUBLE AS to_date_p90
FROM forecast.months
WHERE month <= 12
ORDER BY month;
