-- Buyers worth keeping who have gone quiet: four purchases or more, silent for more than three times their usual gap, under 9 in 10
-- to be still with us, and worth more than the mean of all.
-- reads best   grain: buyer
CREATE OR REPLACE TEMP VIEW gone_quiet AS
SELECT *
FROM best
WHERE frequency >= 3 AND idle_days > 3 * usual_gap_days AND p_alive < 0.9 AND value > (SELECT avg(value::DOUBLE) FROM best)
ORDER BY place;
