-- What forecasts each horizon, the share of those it takes for gone who have only gone quiet (p_alive is quiet + (1 - quiet) times
-- the model's), on forecasts of what length both were chosen (NULL: on none), and the whole base's purchases, 8 in 10 between low
-- and high. world_* is how far past totals missed, learned from so many origins; luck and unsure are deviations of
-- purchases by luck and by not knowing the parameters. money_* is the same for sales after returns, money_share_low and _high its
-- 8 in 10 as a share of any total; month_spread is how far months missed beside their whole, as a share of each. The value of
-- the base and its 8 in 10 are filled in when people are valued.
-- writes forecast.horizons   grain: horizon
CREATE OR REPLACE TABLE forecast.horizons (
    horizon_days INTEGER, model VARCHAR, quiet DOUBLE, chosen_on_days INTEGER, world_scale DOUBLE, world_degrees DOUBLE, world_origins INTEGER,
    purchases DOUBLE, purchases_low DOUBLE, purchases_high DOUBLE, luck DOUBLE, unsure DOUBLE,
    money_scale DOUBLE, money_degrees DOUBLE, money_origins INTEGER, money_share_low DOUBLE, money_share_high DOUBLE,
    month_spread DOUBLE,
    value money, value_low money, value_high money, value_deviation money, currency VARCHAR
);
