-- What two runs were told differently; nothing for a run of a patron that did not keep it.
-- reads runs   grain: setting
CREATE OR REPLACE TEMP VIEW settings_changed AS
WITH told AS (SELECT run_id, unnest(map_entries(settings)) AS said FROM runs),
known AS (SELECT count(*) = 2 AS of_two FROM runs WHERE run_id IN (getvariable('before_run'), getvariable('after_run')) AND settings IS NOT NULL)
SELECT setting, b.value AS before, a.value AS after
FROM (SELECT said.key AS setting, said.value AS value FROM told WHERE run_id = getvariable('after_run')) a
FULL JOIN (SELECT said.key AS setting, said.value AS value FROM told WHERE run_id = getvariable('before_run')) b USING (setting)
WHERE a.value IS DISTINCT FROM b.value AND (SELECT of_two FROM known)
ORDER BY setting;
