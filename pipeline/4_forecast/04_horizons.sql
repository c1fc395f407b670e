-- The model chosen for each horizon, on forecasts of what length it was chosen, and the whole base's purchases, 8 in 10 between
-- low and high: the error of past totals (world), luck and parameters are in it.
-- writes forecast.horizons   grain: horizon
CREATE OR REPLACE TABLE forecast.horizons (
    horizon_days INTEGER, model VARCHAR, chosen_on_days INTEGER, world_scale DOUBLE, world_degrees DOUBLE, world_origins INTEGER,
    purchases DOUBLE, purchases_low DOUBLE, purchases_high DOUBLE, deviation DOUBLE
);
