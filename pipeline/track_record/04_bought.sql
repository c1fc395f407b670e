-- Purchase days by how long ago their buyer first bought: `known` is the first cut (days since 1970-01-01) on which the buyer was
-- a customer.
-- reads history.purchase_days, cuts   writes bought   grain: cut × day
CREATE OR REPLACE TEMP TABLE bought AS
WITH won AS (
    SELECT first_days.day, min(cuts.day) AS known
    FROM (SELECT DISTINCT days[1] AS day FROM history.purchase_days) AS first_days
    JOIN cuts ON cuts.day >= first_days.day - DATE '1970-01-01'
    GROUP BY first_days.day
)
SELECT won.known, bought.day - DATE '1970-01-01' AS day, count(*) AS purchases
FROM (SELECT days[1] AS first_day, unnest(days) AS day FROM history.purchase_days) AS bought JOIN won ON won.day = first_day
GROUP BY ALL;
