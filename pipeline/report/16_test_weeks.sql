-- The weeks of the shorter of the two tests that `patron check` shows.
-- reads track_record.weeks, tested   grain: week
CREATE OR REPLACE TEMP VIEW test_weeks AS
SELECT w.*
FROM track_record.weeks w
WHERE horizon_days = (SELECT min(horizon_days) FROM tested)
ORDER BY week;
