-- What was fitted to everything known at as_of.
-- writes models   grain: model × parameter
CREATE OR REPLACE TABLE models (
    run_id VARCHAR, model VARCHAR, status VARCHAR, parameter VARCHAR, value DOUBLE, standard_error DOUBLE, chosen BOOLEAN,
    "limit" VARCHAR, log_likelihood DOUBLE, prior_weight DOUBLE
);
