-- The money of each buyer in each stretch of time between two cuts (days since 1970-01-01): what they bought, less the returns
-- that are paired with it, and less every return. `until` is the cut on which the stretch ends.
-- reads ledger, returns, identify.persons, cuts   writes stretches   grain: person × stretch
CREATE OR REPLACE TEMP TABLE stretches AS
WITH flows AS (
    SELECT person, occurred_at::DATE AS day, CASE WHEN kind = 'sale' THEN project_amount ELSE 0 END AS sales,
        project_amount AS revenue
    FROM ledger
    WHERE person IS NOT NULL AND kind IN ('sale', 'refund')
    UNION ALL
    SELECT person, occurred_at::DATE, (project_amount * paired_quantity / -quantity)::money, 0
    FROM returns JOIN identify.persons USING (key)
    WHERE sale_source IS NOT NULL
), calendar AS (
    SELECT days.day, min(cuts.day) AS until
    FROM (SELECT DISTINCT day FROM flows) AS days JOIN cuts ON cuts.day >= days.day - DATE '1970-01-01'
    GROUP BY days.day
)
SELECT person, until, sum(sales)::money AS sales, sum(revenue)::money AS revenue
FROM flows JOIN calendar USING (day)
GROUP BY person, until;
