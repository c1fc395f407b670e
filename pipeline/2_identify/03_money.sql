-- The money equation again after persons are known: a cash flow is attributed when its person is a published one.
-- reads money (stage record), ledger, identify.persons, person_keys   writes money   grain: stage × source × currency
INSERT INTO money BY NAME
WITH published AS (
    SELECT source::VARCHAR AS source, currency::VARCHAR AS currency, count(*) AS rows_typed,
        sum(amount) FILTER (known.person IS NOT NULL) AS attributed, sum(amount) FILTER (ledger.person IS NULL) AS unattributed
    FROM ledger LEFT JOIN (SELECT person FROM identify.persons SEMI JOIN person_keys USING (person_id)) AS known
        ON known.person = ledger.person
    GROUP BY ALL
)
SELECT e.* REPLACE (
    'identify' AS stage,
    coalesce(p.rows_typed, e.rows_typed) AS rows_typed,
    coalesce(p.attributed, 0)::total_money AS attributed,
    coalesce(p.unattributed, 0)::total_money AS unattributed
)
FROM money e LEFT JOIN published p USING (source, currency)
WHERE e.stage = 'record'
ORDER BY source, currency;
