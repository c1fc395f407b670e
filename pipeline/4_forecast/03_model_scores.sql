-- How each candidate did when it was tried in the past. `last` marks the origin that no choice has seen.
-- writes model_scores   grain: model × origin × horizon × metric
CREATE OR REPLACE TABLE model_scores (
    run_id VARCHAR, model VARCHAR, calibration_end DATE, holdout_end DATE, metric VARCHAR, value DOUBLE, chosen BOOLEAN,
    horizon_days INTEGER, last BOOLEAN
);
