-- A cash flow in the measure of values: all of it where there are costs, else sales after returns times the margin of patron.yaml.
CREATE OR REPLACE TEMP MACRO brought(kind, amount) AS (
    CASE WHEN getvariable('has_costs') THEN amount::DECIMAL(38, 6)
         WHEN kind IN ('sale', 'refund') THEN (amount * getvariable('margin'))::DECIMAL(38, 6)
         ELSE 0 END
);
