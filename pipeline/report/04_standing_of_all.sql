-- Everyone together: how many there are, what they may bring after the horizon, and what as many days brought last.
-- reads customers, share.headline, bought   grain: one row
CREATE OR REPLACE TEMP VIEW standing_of_all AS
SELECT count(*)::BIGINT AS persons, count(frequency)::BIGINT AS buyers, sum(residual_value)::DOUBLE AS residual_value,
    sum(p_alive::DECIMAL(18, 9))::DOUBLE AS still_with_us, sum(value)::DOUBLE AS value,
    (SELECT value_before FROM share.headline)::DOUBLE AS before,
    (SELECT coalesce(sum(purchases), 0) FROM bought WHERE day > getvariable('as_of') - getvariable('last_horizon'))::BIGINT AS before_purchases,
    (SELECT days_before FROM share.headline)::BIGINT AS before_days
FROM customers;
