-- Customers by the quarter of their first purchase, and how many bought in each quarter since; the last sixteen quarters. low and
-- high: where the share lies, 8 in 10. A quarter is complete when it had ended by as_of.
-- reads bought   grain: cohort × quarter since
CREATE OR REPLACE TEMP VIEW cohorts AS
WITH won AS (
    SELECT date_trunc('quarter', first_day)::DATE AS cohort, count(DISTINCT person) AS won FROM bought GROUP BY ALL
), kept AS (
    SELECT * FROM won ORDER BY cohort DESC LIMIT 16
), came AS (
    SELECT date_trunc('quarter', first_day)::DATE AS cohort, date_diff('quarter', first_day, day) AS quarter, count(DISTINCT person) AS customers
    FROM bought
    GROUP BY ALL
), cells AS (
    SELECT cohort, won, quarter, coalesce(customers, 0) AS customers, share_interval(coalesce(customers, 0), won, 0.8) AS range,
        (cohort + to_months(3 * (quarter::INTEGER + 1)))::DATE - 1 <= getvariable('as_of') AS complete
    FROM (SELECT cohort, won, unnest(range(0, 1 + date_diff('quarter', cohort, getvariable('as_of')))) AS quarter FROM kept)
    LEFT JOIN came USING (cohort, quarter)
)
SELECT cohort::VARCHAR AS cohort, 'Q' || quarter(cohort) || ' ' || year(cohort) AS label, won::BIGINT AS won, quarter::BIGINT AS quarter,
    customers::BIGINT AS customers, customers / won AS share, range.low AS low, range.high AS high, complete
FROM cells
ORDER BY cohort, quarter;
