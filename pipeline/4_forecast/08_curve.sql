-- When within each horizon its purchases are expected to come: the sum of all buyers from as_of to the end of each day, and its
-- worth in an unnamed unit, as it comes and discounted to as_of. By what forecasts the horizon or, where that knows no season and
-- a shorter horizon does, by what forecasts that: a shape, whose level is in forecast.horizons. All columns are DOUBLE: the models
-- fill them.
-- writes forecast.curve   grain: horizon × day ahead
CREATE OR REPLACE TABLE forecast.curve (horizon_days DOUBLE, day DOUBLE, purchases DOUBLE, worth DOUBLE, discounted DOUBLE);
