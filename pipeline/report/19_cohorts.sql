-- Customers by the quarter of their first purchase, and how many bought in each quarter since; the last sixteen quarters. low and
-- high: where the share lies, 8 in 10. A quarter is complete when it had ended by as_of.
-- reads history.purchase_days   grain: cohort × quarter since
CREATE OR REPLACE TEMP VIEW cohorts AS
WITH came AS (
    SELECT cohort, quarter, count(*) AS customers
    FROM (SELECT date_trunc('quarter', days[1])::DATE AS cohort,
              unnest(list_distinct(list_transform(list_filter(days, lambda day: day <= getvariable('as_of')),
                                                  lambda day: date_diff('quarter', days[1], day)))) AS quarter
          FROM history.purchase_days)
    GROUP BY ALL
), won AS ( -- in the quarter of the first purchase everyone bought
    SELECT cohort, customers AS won FROM came WHERE quarter = 0 ORDER BY cohort DESC LIMIT 16
), cells AS (
    SELECT cohort, won, quarter, coalesce(customers, 0) AS customers, share_interval(coalesce(customers, 0), won, 0.8) AS range,
        (cohort + to_months(3 * (quarter::INTEGER + 1)))::DATE - 1 <= getvariable('as_of') AS complete
    FROM (SELECT cohort, won, unnest(range(0, 1 + date_diff('quarter', cohort, getvariable('as_of')))) AS quarter FROM won)
    LEFT JOIN came USING (cohort, quarter)
)
SELECT cohort::VARCHAR AS cohort, 'Q' || quarter(cohort) || ' ' || year(cohort) AS label, won::BIGINT AS won, quarter::BIGINT AS quarter,
    customers::BIGINT AS customers, customers / won AS share, range.low AS low, range.high AS high, complete
FROM cells
ORDER BY cohort, quarter;
