-- One row a person. value is that of the last horizon that patron.yaml lists; people who never bought have no
-- forecast. margin is what was left after costs, those of winning a customer too; NULL when no costs are known.
-- reads identify.persons, person_keys, ledger, record.people, history.buyers, history.spending, forecast
-- writes customers   grain: person
CREATE OR REPLACE TABLE customers AS
WITH known AS (
    SELECT DISTINCT person_id FROM person_keys
), seen AS (
    SELECT person, min(occurred_at)::DATE AS first_seen, max(occurred_at)::DATE AS last_seen,
        coalesce(sum(project_amount) FILTER (kind IN ('sale', 'refund')), 0)::money AS revenue,
        sum(project_amount)::money AS net, coalesce(sum(project_amount) FILTER (kind = 'acquire'), 0)::money AS winning
    FROM ledger
    WHERE person IS NOT NULL AND occurred_at < (getvariable('as_of') + 1)::TIMESTAMP
    GROUP BY person
), named AS (
    SELECT key, arg_max(coalesce(name, nullif(concat_ws(' ', given_name, family_name), '')), as_late_as(updated_at, source, source_row))
        AS name
    FROM record.people
    WHERE fault IS NULL
    GROUP BY key
)
SELECT getvariable('run_id') AS run_id, p.person_id, named.name, first_seen, last_seen, b.frequency, b.recency AS recency_days,
    b.age AS age_days, b.age - b.recency AS idle_days, coalesce(seen.revenue, 0)::money AS revenue,
    CASE WHEN getvariable('has_costs') THEN seen.net
         WHEN getvariable('margin_assumed') THEN (seen.revenue * getvariable('margin'))::money + winning END AS margin,
    f.p_alive, f.value, f.value_p10, f.value_p90, f.residual_value, NULL::VARCHAR AS class, p.person
FROM identify.persons p JOIN known USING (person_id)
LEFT JOIN seen USING (person)
LEFT JOIN named USING (key)
LEFT JOIN history.buyers b USING (person)
LEFT JOIN (SELECT * FROM main.forecast WHERE horizon_days = getvariable('last_horizon')) f USING (person)
ORDER BY p.person;
