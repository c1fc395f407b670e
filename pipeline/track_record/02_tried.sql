-- What each state of one past day was expected to buy.
-- writes forecast.tried   grain: distinct state
CREATE OR REPLACE TABLE forecast.tried (frequency DOUBLE, recency DOUBLE, age DOUBLE, purchases DOUBLE);
