-- The run, how much is known to it, and what it expects at the last of its horizons; model is NULL when nothing is forecast.
-- reads runs, history.buyers, forecast.horizons   grain: one row
CREATE OR REPLACE TEMP VIEW standing AS
SELECT r.run_id, r.as_of::VARCHAR AS as_of, buyers.n::DOUBLE AS buyers, coalesce(r.as_of - buyers.first_day, 0)::BIGINT AS history_days,
    h.model, coalesce(h.horizon_days, 0)::BIGINT AS horizon_days, purchases, purchases_low, purchases_high, value::DOUBLE AS value,
    value_low::DOUBLE AS value_low, value_high::DOUBLE AS value_high, value_deviation::DOUBLE AS value_deviation, currency
FROM (SELECT run_id, as_of FROM runs ORDER BY rowid DESC LIMIT 1) r, (SELECT count(*) AS n, min(first_day) AS first_day FROM history.buyers) buyers
LEFT JOIN (SELECT * FROM forecast.horizons WHERE model IS NOT NULL ORDER BY rowid DESC LIMIT 1) h ON true;
