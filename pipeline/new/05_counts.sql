-- The rows of a drafted ledger, in numbers. Rows that repeat another of their file, and rows that stand in two files, are
-- told apart as a build tells them apart: the first are kept, the copies of the second are set aside.
-- reads counted   writes counts   grain: one row
CREATE OR REPLACE TEMP TABLE counts AS
WITH copies AS (
    SELECT print, coalesce(file, '') AS file, count(*) AS n, min(amount) AS amount
    FROM counted
    WHERE fault IS NULL
    GROUP BY print, file
), shared AS (
    SELECT print, sum(n) - max(n) AS others, max(n) - 1 AS again, min(amount) AS amount
    FROM copies
    GROUP BY print
    HAVING sum(n) > 1
)
SELECT count(*)::BIGINT AS rows,
    count(*) FILTER (fault IS NULL AND customer IS NULL)::BIGINT AS nobody,
    count(DISTINCT customer)::BIGINT AS people,
    count(*) FILTER (fault = 'date')::BIGINT AS no_date,
    count(*) FILTER (fault = 'amount')::BIGINT AS no_amount,
    count(*) FILTER (fault = 'sign')::BIGINT AS off_sign,
    count(*) FILTER (fault = 'ahead')::BIGINT AS ahead,
    count(*) FILTER (fault IS NULL AND amount < 0)::BIGINT AS below,
    coalesce((SELECT sum(again) FROM shared), 0)::BIGINT AS repeated,
    coalesce((SELECT sum(others) FROM shared), 0)::BIGINT AS in_two_files,
    coalesce(min(occurred_at) FILTER (fault IS NULL)::DATE::VARCHAR, '') AS first_day,
    coalesce(max(occurred_at) FILTER (fault IS NULL)::DATE::VARCHAR, '') AS last_day,
    coalesce(format('{:,.2f}', sum(amount) FILTER (fault IS NULL)::DOUBLE), '0.00') AS money,
    coalesce((SELECT format('{:,.2f}', sum(again * amount)::DOUBLE) FROM shared), '') AS repeated_money,
    coalesce((SELECT format('{:,.2f}', sum(others * amount)::DOUBLE) FROM shared), '') AS in_two_files_money,
    coalesce(min(date_given), '') AS date_such_as,
    coalesce(min(amount_given), '') AS amount_such_as,
    count(DISTINCT currency)::BIGINT AS currencies
FROM counted;
