-- What each buyer is expected to do within each horizon, and what that is worth, discounted to as_of. Ranges hold 8 in 10.
-- reads history.buyers, forecast.state_scores, forecast.horizons, value.worth   writes forecast   grain: person × horizon
CREATE OR REPLACE TABLE main.forecast AS
SELECT getvariable('run_id') AS run_id, 'p_' || b.person AS person_id, s.horizon_days::INTEGER AS horizon_days, p_alive, p_buys,
    s.purchases, low AS purchases_p10, high AS purchases_p90,
    margin_per_purchase::money AS margin_per_purchase,
    (discounted * margin_per_purchase)::money AS value,
    (least(money_low * scale, money_high * scale) * coalesce(discounted / nullif(s.purchases, 0), 1))::money AS value_p10,
    (greatest(money_low * scale, money_high * scale) * coalesce(discounted / nullif(s.purchases, 0), 1))::money AS value_p90,
    h.model, b.person, CASE WHEN isfinite(residual) THEN (residual * margin_per_purchase)::money END AS residual_value
FROM history.buyers b
JOIN forecast.state_scores s ON s.frequency = b.frequency AND s.recency = b.recency AND s.age = b.age
JOIN forecast.horizons h ON h.horizon_days = s.horizon_days
LEFT JOIN value.worth w ON w.person = b.person;
