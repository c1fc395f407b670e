-- Every candidate on every day it was tried on. `forecasts` marks, on each day, the one that forecasts its horizon now: without
-- its season where the day had no year behind it to see one in.
-- reads model_scores   grain: horizon × day × model × metric
CREATE OR REPLACE TEMP VIEW trials AS
WITH chosen AS (
    SELECT horizon_days, calibration_end, model FROM model_scores WHERE chosen GROUP BY ALL
), now AS (
    SELECT DISTINCT horizon_days, model FROM chosen
)
SELECT s.horizon_days::BIGINT AS horizon_days, s.calibration_end::VARCHAR AS made_on, s.holdout_end::VARCHAR AS until,
    (s.holdout_end - s.calibration_end)::BIGINT AS days, s.model, s."last" AS untouched,
    s.chosen OR (chosen.model IS NULL AND coalesce(s.model || '+season' = now.model, false)) AS forecasts, s.metric,
    s.value::DOUBLE AS value
FROM model_scores s LEFT JOIN chosen USING (horizon_days, calibration_end) LEFT JOIN now USING (horizon_days)
ORDER BY s.horizon_days, s.calibration_end, s.model = 'same_rate', s.model, s.metric;
