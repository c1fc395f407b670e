-- What those who went quiet are worth together, 8 in 10 between p10 and p90: the luck of each, what is not known of the model, and how
-- far past totals of money missed, as in the total of all (value/total_value). Of one alone it is their own range. Where nobody can
-- cost more than they bring, neither can all.
-- reads gone_quiet, forecast.horizons   grain: one row
CREATE OR REPLACE TEMP VIEW gone_quiet_total AS
WITH sums AS (
    SELECT count(*)::BIGINT AS customers, coalesce(sum(value), 0)::DOUBLE AS value, min(least(value, value_p10)) AS lowest,
        min(value_p10)::DOUBLE AS own_p10, max(value_p90)::DOUBLE AS own_p90,
        sum(greatest(((value_p90 - value_p10)::DOUBLE / 2.5631031310892007) ** 2, 2 * abs(value::DOUBLE * margin_per_purchase::DOUBLE)
            )::DECIMAL(38, 4))::DOUBLE AS variance
    FROM gone_quiet
), ranges AS (
    SELECT sums.*, total_interval(sums.value, sqrt(variance + (sums.value * coalesce(unsure / nullif(purchases, 0), 0)) ** 2),
        money_scale, money_degrees, 0.8) AS range
    FROM sums LEFT JOIN forecast.horizons ON horizon_days = getvariable('last_horizon')
)
SELECT customers, value, CASE WHEN customers > 1 THEN greatest(CASE WHEN lowest >= 0 THEN 0 END, range.low) ELSE own_p10 END AS p10,
    CASE WHEN customers > 1 THEN range.high ELSE own_p90 END AS p90
FROM ranges;
