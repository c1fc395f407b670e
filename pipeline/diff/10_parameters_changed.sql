-- Parameters of models in use in both runs that were fitted otherwise, the largest change first.
-- reads models of both   grain: model × parameter
CREATE OR REPLACE TEMP VIEW parameters_changed AS
SELECT model, parameter, b.value::DOUBLE AS before, a.value::DOUBLE AS after
FROM models a JOIN patron_before.main.models b USING (model, parameter)
WHERE a.chosen AND b.chosen AND a.value IS DISTINCT FROM b.value AND NOT parameter LIKE 'season%'
ORDER BY abs(after - before) / greatest(abs(before), 1e-9) DESC, model, parameter;
