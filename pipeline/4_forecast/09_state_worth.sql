-- What one purchase of each buyer in a state is expected to bring after returns and costs, summed over them; a margin of
-- patron.yaml changes nothing about its shape.
-- reads history.buyers, history.spending, forecast.spend   grain: distinct state
CREATE OR REPLACE TEMP VIEW state_worth AS
SELECT frequency, recency, age, coalesce(sum((gamma_gamma_mean(spend, purchase_days, sales::DOUBLE / purchase_days)
    * kept_of(kept, purchase_days, sales, net))::DECIMAL(38, 6)), 0)::DOUBLE AS worth
FROM history.buyers LEFT JOIN history.spending USING (person), forecast.spend
GROUP BY frequency, recency, age;
