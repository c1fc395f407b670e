-- What the customers of today are expected to bring month by month, in the measure of `forecast` and discounted like it, so that
-- months add up to the value of their horizon; undiscounted is the same money as it comes. Ranges hold 8 in 10 (p10 to p90) and 5
-- in 10 (p25 to p75): how far wholes and their months missed before, luck, and not knowing the parameters. to_date is the sum up
-- to the end of the month. The last month ends with the longest horizon.
-- writes forecast.months   grain: month from as_of
CREATE OR REPLACE TABLE forecast.months (
    month INTEGER, from_day DATE, to_day DATE, purchases DOUBLE, value money, undiscounted money, p10 money, p25 money, p75 money,
    p90 money, to_date money, to_date_p10 money, to_date_p90 money, horizon_days INTEGER, model VARCHAR
);
