-- Spend per purchase day over people, from everyone whose sales come to something; and the share of it that stays after
-- returns, and after costs where there are any. The share may be negative; one far below is as bad as all of it.
-- reads history.spending   writes forecast.spend   grain: one row
CREATE OR REPLACE TABLE forecast.spend AS
SELECT gamma_gamma_fit(purchase_days, sales::DOUBLE / purchase_days) AS spend,
    normal_normal_fit(purchase_days, greatest(-1, least(2, net::DOUBLE / sales::DOUBLE))) AS kept
FROM history.spending
WHERE sales > 0;
