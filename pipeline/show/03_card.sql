-- What is known and expected of one person. `rank` is their place among all who are valued; `alike` how many are in the same state.
-- reads customers, forecast, states, value, runs, share.headline, record.people   grain: one row
CREATE OR REPLACE TEMP VIEW card AS
WITH about AS (
    SELECT arg_max(city, as_late_as(updated_at, source, source_row)) AS city, arg_max(country, as_late_as(updated_at, source, source_row)) AS country,
        arg_max(company, as_late_as(updated_at, source, source_row)) AS company
    FROM record.people
    WHERE fault IS NULL AND key IN (SELECT key FROM identify.persons WHERE person = getvariable('person'))
)
SELECT r.run_id, r.as_of::VARCHAR AS as_of, c.person_id, c.name, about.city, about.country, about.company,
    c.first_seen::VARCHAR AS first_seen, c.last_seen::VARCHAR AS last_seen,
    (r.as_of - c.idle_days)::VARCHAR AS last_day, c.frequency::BIGINT AS frequency, c.recency_days::BIGINT AS recency_days,
    c.age_days::BIGINT AS age_days, c.idle_days::BIGINT AS idle_days,
    shown(c.revenue, getvariable('minor')) AS revenue, shown(c.margin, getvariable('minor')) AS margin,
    c.p_alive, shown(c.value, getvariable('minor')) AS value, shown(c.value_p10, getvariable('minor')) AS value_p10,
    shown(c.value_p90, getvariable('minor')) AS value_p90, shown(c.residual_value, getvariable('minor')) AS residual_value, c.class,
    f.horizon_days::BIGINT AS horizon_days, f.p_buys, f.purchases, f.purchases_p10::DOUBLE AS purchases_p10,
    f.purchases_p90::DOUBLE AS purchases_p90, shown(f.margin_per_purchase, getvariable('minor')) AS margin_per_purchase, f.model,
    (SELECT count(*) + 1 FROM customers WHERE value > c.value)::BIGINT AS rank,
    (SELECT count(value) FROM customers)::BIGINT AS valued,
    (SELECT customers FROM states s WHERE s.frequency = c.frequency AND s.recency_days = c.recency_days AND s.age_days = c.age_days)::BIGINT AS alike,
    (SELECT verdict FROM value v WHERE v.person_id = c.person_id AND component = 'current' AND condition = 'base') AS verdict,
    coalesce(h.has_costs, false) AS has_costs, coalesce(h.margin_assumed, false) AS margin_assumed,
    (c.revenue / (c.frequency + 1))::DOUBLE AS revenue_each
FROM customers c
CROSS JOIN (SELECT run_id, as_of FROM runs ORDER BY rowid DESC LIMIT 1) r
CROSS JOIN about
LEFT JOIN share.headline h ON true
LEFT JOIN forecast f ON f.person = c.person AND f.horizon_days = h.horizon_days
WHERE c.person = getvariable('person');
