-- A cash flow in the measure of values: all of it where there are costs, but for what winning customers cost; else sales after
-- returns times the margin of patron.yaml.
CREATE OR REPLACE TEMP MACRO brought(kind, amount) AS (
    CASE WHEN kind = 'acquire' THEN 0
         WHEN getvariable('has_costs') THEN amount::DECIMAL(38, 6)
         WHEN kind IN ('sale', 'refund') THEN (amount * getvariable('margin'))::DECIMAL(38, 6)
         ELSE 0 END
);
