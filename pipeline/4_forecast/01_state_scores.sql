-- What each state is expected to do within each horizon. low and high hold the number of purchases in 8 of 10 cases; discounted
-- are the purchases within the horizon, each discounted to as_of; residual those from as_of on for ever. money_low and
-- money_high are in units of a person's scale (gamma_gamma_scale). All columns are DOUBLE: the models fill them.
-- writes forecast.state_scores   grain: distinct state × horizon
CREATE OR REPLACE TABLE forecast.state_scores (
    frequency DOUBLE, recency DOUBLE, age DOUBLE, horizon_days DOUBLE, p_alive DOUBLE, p_buys DOUBLE, purchases DOUBLE,
    low DOUBLE, high DOUBLE, discounted DOUBLE, residual DOUBLE, money_low DOUBLE, money_high DOUBLE
);
