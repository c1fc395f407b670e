-- What each person is worth, by condition and component. So far there is one of each: what they will buy if things go on as
-- they do. It is proven where, on the untouched day, the chosen model told customers apart better than the rate each had before.
-- reads customers, model_scores   writes value   grain: person × condition × component
CREATE OR REPLACE VIEW value AS
SELECT run_id, person_id, 'base' AS condition, 'current' AS component, value, value_p10, value_p90,
    CASE WHEN value IS NULL THEN 'not valued'
         WHEN (SELECT bool_and(model.value > rule.value)
               FROM model_scores model JOIN model_scores rule USING (metric, horizon_days, calibration_end)
               WHERE model."last" AND model.chosen AND rule.model = 'same_rate' AND metric IN ('log_score', 'ngini'))
         THEN 'proven' ELSE 'not proven' END AS verdict
FROM customers;
