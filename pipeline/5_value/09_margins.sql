-- Where the margin is that of patron.yaml: what all are worth at the last horizon, were it another one. margin_steps has those a
-- little below and above it (engine/margins.c); a build with that margin publishes the same sum.
-- reads history.buyers, forecast.state_scores, value.worth   writes value.margins   grain: margin
CREATE OR REPLACE TABLE value.margins AS
SELECT getvariable('margin') AS assumed, margin, sum((discounted * (before_margin * margin))::money) AS value
FROM history.buyers b
JOIN forecast.state_scores s ON s.frequency = b.frequency AND s.recency = b.recency AND s.age = b.age
JOIN value.worth w ON w.person = b.person, unnest(getvariable('margin_steps')) AS step(margin)
WHERE getvariable('margin_assumed') AND s.horizon_days = getvariable('last_horizon')
GROUP BY margin
ORDER BY margin;
