-- The candidates on the earlier days on which the choice was made: of the shortest horizon that was tested, or else of the
-- longest at which there was a choice. A season needs a year behind a day, so `without` is the score of the same model without
-- one on the same days. A model is chosen with or without its season.
-- reads model_scores, models, tested   grain: model
CREATE OR REPLACE TEMP VIEW compared AS
WITH chosen_on AS (
    SELECT model, calibration_end AS day, bool_or(chosen) AS chosen, max(value) FILTER (metric = 'log_score') AS log_score,
        max(value) FILTER (metric = 'ngini') AS ngini
    FROM model_scores
    WHERE NOT "last" AND model <> 'same_rate' AND horizon_days = (
        SELECT horizon_days
        FROM model_scores
        WHERE NOT "last" AND chosen
        ORDER BY horizon_days <> (SELECT min(horizon_days) FROM tested), horizon_days DESC
        LIMIT 1)
    GROUP BY model, calibration_end
), scores AS (
    SELECT s.model, bool_or(s.chosen OR c.chosen) AS chosen, count(*)::BIGINT AS days, avg(s.log_score ORDER BY s.day)::DOUBLE AS log_score,
        avg(s.ngini ORDER BY s.day)::DOUBLE AS ngini, avg(w.log_score ORDER BY s.day)::DOUBLE AS without
    FROM chosen_on s LEFT JOIN chosen_on w ON w.day = s.day AND s.model = w.model || '+season'
    LEFT JOIN chosen_on c ON c.day = s.day AND c.model = s.model || '+season'
    GROUP BY s.model
), fits AS (
    SELECT model, max(status) FILTER (parameter NOT LIKE 'season%') AS status, max("limit") AS "limit" FROM models GROUP BY model
)
SELECT model, coalesce(status, '') AS status, coalesce("limit", '') AS "limit", chosen, log_score, ngini, without, days
FROM scores LEFT JOIN fits USING (model)
ORDER BY without IS NOT NULL, log_score DESC, model;
