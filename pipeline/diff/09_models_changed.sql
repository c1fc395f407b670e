-- What forecast each horizon, in two kept runs, where it is not the same.
-- reads forecast.horizons of both   grain: horizon
CREATE OR REPLACE TEMP VIEW models_changed AS
SELECT horizon_days::BIGINT AS horizon_days, b.model AS before, a.model AS after
FROM forecast.horizons a FULL JOIN patron_before.forecast.horizons b USING (horizon_days)
WHERE a.model IS DISTINCT FROM b.model
ORDER BY horizon_days;
