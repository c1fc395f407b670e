-- How far the share of all purchases that the best fifth would make was off in the past, as the log of the odds that came over those
-- forecast: every day on which what forecasts today was tried.
-- reads model_scores   grain: horizon × past day
CREATE OR REPLACE TEMP VIEW share_misses AS
WITH fifths AS (
    SELECT horizon_days, calibration_end,
        sum(value) FILTER (metric IN ('tenth_9_forecast', 'tenth_10_forecast')) / sum(value) FILTER (metric LIKE '%forecast') AS forecast,
        sum(value) FILTER (metric IN ('tenth_9_came', 'tenth_10_came')) / sum(value) FILTER (metric LIKE '%came') AS came
    FROM model_scores
    WHERE chosen AND metric LIKE 'tenth%'
    GROUP BY ALL
)
SELECT ln(came / (1 - came)) - ln(forecast / (1 - forecast)) AS miss
FROM fifths
WHERE came > 0 AND came < 1 AND forecast > 0 AND forecast < 1
ORDER BY horizon_days, calibration_end;
