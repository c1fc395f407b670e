-- Tenths of the customers of that test, from the least forecast: purchases a customer. p10 and p90 are the range that stood on the
-- day of the forecast, with how far totals had missed by then; luck_p10 and luck_p90 that of luck alone.
-- reads model_scores, tested   grain: tenth
CREATE OR REPLACE TEMP VIEW test_tenths AS
WITH scores AS (
    SELECT calibration_end AS made_on, horizon_days, metric, value
    FROM model_scores
    WHERE "last" AND chosen AND horizon_days = (SELECT min(horizon_days) FROM tested)
), tenths AS (
    SELECT split_part(metric, '_', 2)::BIGINT AS tenth, min(made_on) AS made_on, min(horizon_days) AS horizon_days,
        max(value) FILTER (metric LIKE '%customers') AS n, max(value) FILTER (metric LIKE '%forecast') AS forecast,
        max(value) FILTER (metric LIKE '%came') AS came, max(value) FILTER (metric LIKE '%luck') AS luck
    FROM scores
    WHERE metric LIKE 'tenth%'
    GROUP BY ALL
), ranges AS (
    SELECT *, total_interval(forecast, luck, (SELECT value FROM scores WHERE metric = 'world_scale'),
            (SELECT value FROM scores WHERE metric = 'world_degrees'), 0.8) AS given, 1.2815515655446004 * luck AS reach
    FROM tenths
)
SELECT tenth, made_on::VARCHAR AS made_on, horizon_days::BIGINT AS horizon_days, round(n)::BIGINT AS customers, forecast / n AS forecast,
    came / n AS came, greatest(0, given.low / n) AS p10, given.high / n AS p90, greatest(0, (forecast - reach) / n) AS luck_p10,
    (forecast + reach) / n AS luck_p90
FROM ranges
WHERE n > 0
ORDER BY tenth;
