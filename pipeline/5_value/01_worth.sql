-- What a purchase of each buyer is worth: expected spend, times the share of it that stays, times the margin of patron.yaml
-- where there are no costs to tell; before_margin is without it. Both means are drawn toward everyone's the fewer purchases there are.
-- reads history.spending, forecast.spend   writes value.worth   grain: person who had bought
CREATE OR REPLACE TABLE value.worth AS
SELECT person, spend_mean * kept_mean * getvariable('margin') AS margin_per_purchase,
    spend_scale * kept_mean * getvariable('margin') AS scale, spend_mean * kept_mean AS before_margin
FROM (
    SELECT person,
        gamma_gamma_mean(spend, purchase_days, sales::DOUBLE / purchase_days) AS spend_mean,
        gamma_gamma_scale(spend, purchase_days, sales::DOUBLE / purchase_days) AS spend_scale,
        kept_of(kept, purchase_days, sales, net) AS kept_mean
    FROM history.spending, forecast.spend
);
