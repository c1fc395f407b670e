-- Which share of all value the best hundredths of the buyers are expected to bring, and did bring; from 0 to 100. low and high
-- hold 8 in 10 of what those same buyers will bring: luck only, as what moves everyone moves no share. With A what the best bring,
-- B the rest, S = A / (A + B): var S = ((1 - S)² var A + S² var B) / (A + B)², the variance of a ratio to first order; variances
-- of persons as in the total of all (value/total_value).
-- reads customers, forecast   grain: hundredth
CREATE OR REPLACE TEMP VIEW shares AS
WITH persons AS (
    SELECT c.value, c.revenue,
        greatest(((c.value_p90 - c.value_p10)::DOUBLE / 2.5631031310892007) ** 2, 2 * abs(c.value::DOUBLE * f.margin_per_purchase::DOUBLE)
            )::DECIMAL(38, 4) AS variance,
        row_number() OVER (ORDER BY c.value DESC NULLS LAST, c.person) AS place, row_number() OVER (ORDER BY c.revenue DESC, c.person) AS seen_place,
        count(*) OVER () AS buyers
    FROM customers c LEFT JOIN main.forecast f ON f.person = c.person AND f.horizon_days = getvariable('last_horizon')
    WHERE c.frequency IS NOT NULL
), sums AS (
    SELECT k, sum(value) FILTER (place <= buyers * k / 100)::DOUBLE AS best, sum(value)::DOUBLE AS all_value,
        sum(variance) FILTER (place <= buyers * k / 100)::DOUBLE AS best_variance, sum(variance)::DOUBLE AS all_variance,
        sum(revenue) FILTER (seen_place <= buyers * k / 100)::DOUBLE AS seen, sum(revenue)::DOUBLE AS all_revenue,
        count(*) FILTER (place <= buyers * k / 100) AS customers
    FROM persons, range(0, 101) AS hundredths(k)
    GROUP BY k
), shares AS (
    SELECT k, customers, best, all_value > 0 AS worth_something, coalesce(best, 0) / nullif(all_value, 0) AS expected,
        coalesce(seen, 0) / nullif(all_revenue, 0) AS observed,
        1.2815515655446004 / all_value * sqrt(greatest(0, (1 - expected) ** 2 * coalesce(best_variance, 0)
            + expected ** 2 * (all_variance - coalesce(best_variance, 0)))) AS reach
    FROM sums
)
SELECT k / 100 AS share, customers::BIGINT AS customers, best AS value, CASE WHEN worth_something THEN expected END AS expected,
    CASE WHEN worth_something THEN greatest(0, expected - reach) END AS low,
    CASE WHEN worth_something THEN least(greatest(1, expected), expected + reach) END AS high, observed
FROM shares
ORDER BY k;
