-- Every buyer by value, with what a card needs; usual_gap_days is the mean time between purchases, revenue_each what one brought.
-- Of several keys of a person the first by source and spelling stands here; masked, neither key nor name.
-- reads customers, forecast, person_keys   grain: buyer
CREATE OR REPLACE TEMP TABLE best AS
WITH keys AS (
    SELECT person_id, arg_min(key, (source, key)) AS key FROM person_keys GROUP BY person_id
)
SELECT row_number() OVER (ORDER BY c.value DESC NULLS LAST, c.revenue DESC, c.person) AS place, c.person_id,
    CASE WHEN NOT getvariable('masked') THEN keys.key END AS key, CASE WHEN NOT getvariable('masked') THEN c.name END AS name,
    c.first_seen, (getvariable('as_of') - c.idle_days)::DATE AS last_bought, c.frequency, c.recency_days, c.age_days, c.idle_days,
    c.recency_days / nullif(c.frequency, 0) AS usual_gap_days, c.revenue, c.revenue / (c.frequency + 1) AS revenue_each, c.p_alive,
    f.p_buys, f.purchases, f.margin_per_purchase, c.value, c.value_p10, c.value_p90, c.residual_value
FROM customers c LEFT JOIN main.forecast f ON f.person = c.person AND f.horizon_days = getvariable('last_horizon')
LEFT JOIN keys ON keys.person_id = c.person_id
WHERE c.frequency IS NOT NULL;
