-- Where the data came from: each source with its stream, its files and, for a ledger, its first and last day.
-- reads ledger, record.people, record.rates, record.files   grain: source
CREATE OR REPLACE TEMP VIEW sources AS
WITH seen AS (
    SELECT source::VARCHAR AS source, 'ledger' AS stream, min(occurred_at)::DATE AS first_day, max(occurred_at)::DATE AS last_day
    FROM ledger
    GROUP BY ALL
    UNION ALL SELECT DISTINCT source, 'people', NULL, NULL FROM record.people
    UNION ALL SELECT DISTINCT source, 'rates', NULL, NULL FROM record.rates
), files AS (
    SELECT source, list(name ORDER BY name) AS files FROM record.files GROUP BY source
)
SELECT source, coalesce(min(stream), 'ledger') AS stream, to_json(coalesce(min(files), []))::VARCHAR AS files,
    min(first_day)::VARCHAR AS first_day, max(last_day)::VARCHAR AS last_day
FROM seen FULL JOIN files USING (source)
GROUP BY source
ORDER BY source;
