-- What patron.yaml said differently, in two kept runs.
-- reads share.settings of both   grain: setting
CREATE OR REPLACE TEMP VIEW settings_changed AS
SELECT setting, b.value AS before, a.value AS after
FROM share.settings a FULL JOIN patron_before.share.settings b USING (setting)
WHERE a.value IS DISTINCT FROM b.value
ORDER BY setting;
