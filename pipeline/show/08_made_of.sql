-- How the value of one person was made: discounted purchases times what one is worth; and from what that is drawn.
-- reads history.buyers, history.spending, forecast.state_scores, forecast.horizons, forecast.spend, value.worth, share.headline
-- grain: one row
CREATE OR REPLACE TEMP VIEW made_of AS
SELECT s.purchases, s.discounted, s.residual, w.margin_per_purchase, h.model, h.quiet, coalesce(h.chosen_on_days, 0)::BIGINT AS chosen_on_days,
    sp.purchase_days::BIGINT AS purchase_days, sp.sales::DOUBLE AS sales, sp.revenue::DOUBLE AS revenue, sp.net::DOUBLE AS net,
    gamma_gamma_mean(spend, sp.purchase_days, sp.sales::DOUBLE / sp.purchase_days) AS spend_mean,
    gamma_gamma_mean(spend, 0, 0) AS spend_of_all,
    CASE WHEN sp.sales > 0 THEN normal_normal_mean(kept, sp.purchase_days, greatest(-1, least(2, sp.net::DOUBLE / sp.sales::DOUBLE)))
         ELSE normal_normal_mean(kept, 0, 0) END AS kept_mean,
    normal_normal_mean(kept, 0, 0) AS kept_of_all,
    (SELECT max(value) FILTER (metric = 'bias') FROM model_scores m WHERE m."last" AND m.chosen AND m.horizon_days = h.horizon_days) AS bias
FROM history.buyers b
JOIN share.headline head ON true
JOIN forecast.horizons h ON h.horizon_days = head.horizon_days
JOIN forecast.state_scores s ON s.frequency = b.frequency AND s.recency = b.recency AND s.age = b.age AND s.horizon_days = head.horizon_days
JOIN history.spending sp ON sp.person = b.person
JOIN value.worth w ON w.person = b.person
CROSS JOIN forecast.spend
WHERE b.person = getvariable('person');
