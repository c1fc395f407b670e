-- The share of someone's sales that stays after returns and costs, drawn toward everyone's; everyone's where nothing is known.
CREATE OR REPLACE TEMP MACRO kept_of(kept, purchase_days, sales, net) AS (
    CASE WHEN sales > 0 THEN normal_normal_mean(kept, purchase_days, greatest(-1, least(2, net::DOUBLE / sales::DOUBLE)))
         ELSE normal_normal_mean(kept, 0, 0) END
);
