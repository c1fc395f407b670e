-- The same of a run whose store is no longer kept: its values are remembered, and not what they were made of.
-- reads value_history   grain: person
CREATE OR REPLACE TEMP TABLE worth_before AS
SELECT person_id, value, NULL::DOUBLE AS discounted, NULL::DOUBLE AS margin_per_purchase, p_alive
FROM value_history
WHERE run_id = getvariable('before_run') AND value IS NOT NULL;
