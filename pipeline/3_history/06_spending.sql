-- What each buyer brought up to the day of the forecast, in the project's currency: sales less the returns that are paired
-- with them (a sale that came back was none), the same less every other return, and what is left after costs too (net). What
-- winning them cost is spent once and comes with no later purchase: net leaves it out.
-- reads ledger, returns, history.buyers   writes history.spending   grain: person who had bought by then
CREATE OR REPLACE TABLE history.spending AS
WITH undone AS (
    SELECT key, sum((project_amount * paired_quantity / -quantity)::money) AS amount
    FROM returns
    WHERE sale_source IS NOT NULL AND occurred_at < (getvariable('as_of') + 1)::TIMESTAMP
    GROUP BY key
), sums AS (
    SELECT person, min(key) AS key,
        coalesce(sum(project_amount) FILTER (kind = 'sale'), 0) AS sales,
        coalesce(sum(project_amount) FILTER (kind IN ('sale', 'refund')), 0) AS revenue,
        coalesce(sum(project_amount) FILTER (kind <> 'acquire'), 0) AS net
    FROM ledger JOIN history.buyers USING (person)
    WHERE occurred_at < (getvariable('as_of') + 1)::TIMESTAMP
    GROUP BY person
)
SELECT person, frequency + 1 AS purchase_days, greatest(0, sales + coalesce(undone.amount, 0))::money AS sales,
    revenue::money AS revenue, net::money AS net
FROM sums JOIN history.buyers USING (person) LEFT JOIN undone USING (key);
