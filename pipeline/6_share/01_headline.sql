-- What the first lines of a build, and the first page of a report, say: the value of the longest look ahead beside what the
-- same number of days brought last, in the same measure, and how much of each the best fifth of the buyers make. days_before is fewer
-- than the horizon where the first cash flow of a customer is younger than that.
-- reads customers, ledger, history.buyers   writes share.headline   grain: one row
CREATE OR REPLACE TABLE share.headline AS
WITH expected AS (
    SELECT value::DOUBLE AS value, row_number() OVER (ORDER BY value DESC, person) AS rank, count(*) OVER () AS buyers
    FROM customers
    WHERE value IS NOT NULL
), observed AS (
    SELECT revenue::DOUBLE AS revenue, row_number() OVER (ORDER BY revenue DESC, person) AS rank, count(*) OVER () AS buyers
    FROM customers
    WHERE frequency IS NOT NULL
)
SELECT getvariable('run_id') AS run_id, getvariable('as_of') AS as_of, getvariable('last_horizon') AS horizon_days,
    (SELECT sum(value) FROM customers) AS value,
    (SELECT sum(brought(kind, project_amount))::total_money FROM ledger
     WHERE person IS NOT NULL AND occurred_at >= (getvariable('as_of') + 1 - getvariable('last_horizon'))::TIMESTAMP
        AND occurred_at < (getvariable('as_of') + 1)::TIMESTAMP) AS value_before,
    (SELECT least(getvariable('last_horizon'), getvariable('as_of') - min(first_seen) + 1) FROM customers) AS days_before,
    (SELECT sum(value ORDER BY rank) FILTER (rank <= buyers / 5) / nullif(sum(value ORDER BY rank), 0) FROM expected) AS best_fifth_expected,
    (SELECT sum(revenue ORDER BY rank) FILTER (rank <= buyers / 5) / nullif(sum(revenue ORDER BY rank), 0) FROM observed) AS best_fifth_observed,
    getvariable('has_costs') AS has_costs, getvariable('margin_assumed') AS margin_assumed;
