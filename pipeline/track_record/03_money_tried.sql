-- What the buyers of a past day were expected to bring in the horizon after it, sales after returns, from what was known on
-- that day, and what they brought. luck is the deviation of such a total when purchases are rare and their worth varies as much
-- as it is. A hundred thousand buyers, drawn by lot, tell the spend of all.
-- reads history.purchase_days, stretches, forecast.tried, identify.persons   grain: one row
CREATE OR REPLACE TEMP MACRO money_tried(day, horizon) AS TABLE
WITH known AS (
    SELECT person, greatest(0, sum(sales))::DOUBLE AS sales, sum(revenue)::DOUBLE AS revenue
    FROM stretches
    WHERE until <= day
    GROUP BY person
), later AS (
    SELECT person, sum(revenue) AS revenue FROM stretches WHERE until > day AND until <= day + horizon GROUP BY person
), buyers AS (
    SELECT person, s.frequency + 1 AS purchase_days, tried.purchases, sales / (s.frequency + 1) AS spend,
        CASE WHEN sales > 0 THEN greatest(-1, least(2, known.revenue / sales)) END AS kept, later.revenue AS came
    FROM (SELECT person, history_state(days, DATE '1970-01-01' + day::INTEGER, 0) AS s FROM history.purchase_days)
    JOIN forecast.tried ON tried.frequency = s.frequency AND tried.recency = s.recency AND tried.age = s.age
    JOIN known USING (person)
    LEFT JOIN later USING (person)
), fits AS (
    SELECT gamma_gamma_fit(purchase_days, spend) AS spends, normal_normal_fit(purchase_days, kept) AS keeps
    FROM buyers
        SEMI JOIN (SELECT person FROM identify.persons WHERE drawn(key, 1 + (SELECT count(*) FROM buyers) // 100000)) USING (person)
    WHERE spend > 0
), expected AS (
    SELECT came, purchases, gamma_gamma_mean(spends, purchase_days, spend)
        * CASE WHEN kept IS NULL THEN normal_normal_mean(keeps, 0, 0) ELSE normal_normal_mean(keeps, purchase_days, kept) END AS worth
    FROM buyers, fits
)
SELECT sum((purchases * worth)::money)::DOUBLE AS forecast, coalesce(sum(came), 0)::DOUBLE AS came,
    sqrt(sum((2 * purchases * worth * worth)::DECIMAL(38, 4))::DOUBLE) AS luck
FROM expected;
