-- What was forecast on untouched days, beside what came: the two longest horizons that could be tested, the chosen model and the
-- rule "same rate as before".
-- reads model_scores, forecast.horizons, history.buyers   grain: horizon × model × metric
CREATE OR REPLACE TEMP VIEW tested AS
SELECT s.horizon_days::BIGINT AS horizon_days, s.calibration_end::VARCHAR AS made_on, s.model,
    coalesce(h.chosen_on_days, 0)::BIGINT AS chosen_on_days,
    (s.calibration_end - (SELECT min(first_day) FROM history.buyers))::BIGINT AS history_days, s.metric, s.value::DOUBLE AS value
FROM model_scores s JOIN forecast.horizons h USING (horizon_days)
WHERE s."last" AND (s.chosen OR s.model = 'same_rate') AND s.value IS NOT NULL
    AND s.horizon_days IN (SELECT DISTINCT horizon_days FROM model_scores WHERE "last" AND chosen ORDER BY horizon_days DESC LIMIT 2)
ORDER BY s.horizon_days, s.model = 'same_rate', s.metric;
