-- What all buyers together are worth at each horizon, 8 in 10 between low and high. value_deviation is luck and parameters alone:
-- the spread of each person's money, read off its range and never less than that of rare purchases, and the parameters' share of
-- the total. How far past totals of money missed comes on top, as independent errors add up. Where nobody can cost more than
-- they bring, neither can all.
-- reads forecast   changes forecast.horizons   grain: horizon
UPDATE forecast.horizons AS h
SET currency = getvariable('currency'),
    value = t.value,
    value_deviation = t.deviation::money,
    value_low = greatest(CASE WHEN t.lowest >= 0 THEN 0 END, (t.value - sqrt(t.below ** 2 + t.luck ** 2))::money),
    value_high = least(CASE WHEN t.highest <= 0 THEN 0 END, (t.value + sqrt(t.above ** 2 + t.luck ** 2))::money)
FROM (
    SELECT horizon_days, s.value, lowest, highest,
        sqrt(s.variance::DOUBLE + (s.value * coalesce(unsure / nullif(purchases, 0), 0)) ** 2) AS deviation,
        1.2815515655446004 * deviation AS luck,
        abs(s.value::DOUBLE) * CASE WHEN s.value >= 0 THEN 1 - money_share_low ELSE money_share_high - 1 END AS below,
        abs(s.value::DOUBLE) * CASE WHEN s.value >= 0 THEN money_share_high - 1 ELSE 1 - money_share_low END AS above
    FROM (
        SELECT horizon_days, sum(value) AS value, min(least(value, value_p10)) AS lowest, max(greatest(value, value_p90)) AS highest,
            sum(greatest(((value_p90 - value_p10)::DOUBLE / 2.5631031310892007) ** 2, 2 * abs(value::DOUBLE * margin_per_purchase::DOUBLE)
                )::DECIMAL(38, 4)) AS variance
        FROM main.forecast
        GROUP BY horizon_days
    ) AS s
    JOIN forecast.horizons USING (horizon_days)
) AS t
WHERE t.horizon_days = h.horizon_days;
