-- Which share of all value the best hundredths of the buyers are expected to bring, and did bring; from 0 to 100. deviation is that
-- of the expected share by luck: with A what the best bring, B the rest, S = A / (A + B): var S = ((1 - S)² var A + S² var B) /
-- (A + B)², the variance of a ratio to first order; variances of persons as in the total of all (value/total_value). Where all are
-- worth less than a minor unit each, what rounding left of them has no shares.
-- reads customers, forecast   grain: hundredth
CREATE OR REPLACE TEMP VIEW shares AS
WITH persons AS (
    SELECT c.value, c.revenue,
        greatest(((c.value_p90 - c.value_p10)::DOUBLE / 2.5631031310892007) ** 2, 2 * abs(c.value::DOUBLE * f.margin_per_purchase::DOUBLE)
            )::DECIMAL(38, 4) AS variance,
        row_number() OVER (ORDER BY c.value DESC NULLS LAST, c.person) AS place,
        row_number() OVER (ORDER BY c.revenue DESC, c.person) AS seen_place, count(*) OVER () AS buyers
    FROM customers c LEFT JOIN main.forecast f ON f.person = c.person AND f.horizon_days = getvariable('last_horizon')
    WHERE c.frequency IS NOT NULL
), expected_in AS ( -- the first hundredth that has the buyer among its best
    SELECT (100 * place + buyers - 1) // buyers AS k, sum(value) AS value, sum(variance) AS variance, count(*) AS customers
    FROM persons
    GROUP BY ALL
), observed_in AS (
    SELECT (100 * seen_place + buyers - 1) // buyers AS k, sum(revenue) AS revenue FROM persons GROUP BY ALL
), sums AS (
    SELECT k, coalesce(sum(customers) OVER best, 0) AS customers, coalesce(sum(value) OVER best, 0)::DOUBLE AS best,
        coalesce(sum(variance) OVER best, 0)::DOUBLE AS best_variance, coalesce(sum(revenue) OVER best, 0)::DOUBLE AS seen,
        (sum(value) OVER ())::DOUBLE AS all_value, (sum(variance) OVER ())::DOUBLE AS all_variance, (sum(revenue) OVER ())::DOUBLE AS all_revenue,
        (sum(customers) OVER ())::DOUBLE AS buyers
    FROM (SELECT unnest(range(0, 101)) AS k) LEFT JOIN expected_in USING (k) LEFT JOIN observed_in USING (k)
    WINDOW best AS (ORDER BY k ROWS UNBOUNDED PRECEDING)
), shares AS (
    SELECT k, customers, best, CASE WHEN all_value >= buyers * 0.1 ** getvariable('minor') THEN best / all_value END AS expected,
        CASE WHEN all_revenue > 0 THEN seen / all_revenue END AS observed,
        sqrt((1 - expected) ** 2 * best_variance + expected ** 2 * greatest(0, all_variance - best_variance)) / all_value AS deviation
    FROM sums
)
SELECT k / 100 AS share, customers::DOUBLE AS customers, best AS value, expected, deviation, observed
FROM shares
ORDER BY k;
