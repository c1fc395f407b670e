-- Dates that can be read as day/month and as month/day: how often each reading goes back from one row to the next, how many
-- of its days are still to come, and from the first day to the last. Files are mostly written in order, and nobody has sold
-- anything tomorrow.
-- reads read_both (day_first, month_first: in the order of the file)   grain: one row
CREATE OR REPLACE TEMP TABLE both_ways AS
WITH beside AS (
    SELECT day_first, month_first, lag(day_first) OVER () AS day_before, lag(month_first) OVER () AS month_before FROM read_both
)
SELECT count(*) FILTER (day_first <> day_before)::BIGINT AS steps,
    count(*) FILTER (day_first < day_before)::BIGINT AS day_first_back,
    count(*) FILTER (month_first < month_before)::BIGINT AS month_first_back,
    count(*) FILTER (day_first > day_before)::BIGINT AS day_first_on,
    count(*) FILTER (month_first > month_before)::BIGINT AS month_first_on,
    count(*) FILTER (day_first > today() + 1)::BIGINT AS day_first_to_come,
    count(*) FILTER (month_first > today() + 1)::BIGINT AS month_first_to_come
FROM beside;
