-- The values of the sample, each column's different ones once, with how often they stand there.
-- reads looked_at (c0, c1, ...: every column as text)   writes cells   grain: column × value
CREATE OR REPLACE TEMP TABLE cells AS
SELECT place, value, count(*)::DOUBLE AS times
FROM (
    SELECT place, trim(given) AS value
    FROM (UNPIVOT looked_at ON COLUMNS(*) INTO NAME place VALUE given)
)
WHERE value <> ''
GROUP BY place, value;
