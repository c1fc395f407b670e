-- What those who were customers on a day bought on each day of the horizon after it.
-- reads bought   grain: day on which anything was bought
CREATE OR REPLACE TEMP MACRO came_after(day, horizon) AS TABLE
SELECT (b.day - day)::DOUBLE AS ahead, sum(purchases)::DOUBLE AS came
FROM bought b
WHERE known <= day AND b.day > day AND b.day <= day + horizon
GROUP BY b.day
ORDER BY b.day;
