-- The two equations of every source: rows and money in = typed + quarantined + set aside. The left side was counted as the
-- rows were read; the right side is what now stands in the tables.
-- reads record.reads, ledger, record.refused, record.people, record.rates, record.unreadable
-- writes money   grain: stage × source × currency
CREATE OR REPLACE TABLE money AS
WITH entered AS (
    SELECT source, currency, sum(rows_read)::BIGINT AS rows_read, sum(amount_in)::total_money AS amount_in,
        sum(rounding)::DECIMAL(38, 6) AS rounding
    FROM record.reads
    GROUP BY source, currency
), parts AS (
    SELECT source::VARCHAR AS source, currency::VARCHAR AS currency, count(*) AS typed, 0 AS refused, 0 AS aside,
        sum(amount) FILTER (person IS NOT NULL) AS attributed, sum(amount) FILTER (person IS NULL) AS unattributed,
        NULL AS quarantined, NULL AS set_aside
    FROM ledger
    GROUP BY ALL
    UNION ALL
    SELECT source, currency, 0, count(*) FILTER (fault IS NOT NULL), count(*) FILTER (fault IS NULL), NULL, NULL,
        sum(amount) FILTER (fault IS NOT NULL), sum(amount) FILTER (fault IS NULL)
    FROM record.refused
    GROUP BY ALL
    UNION ALL
    SELECT source, getvariable('currency'), count(*) FILTER (fault IS NULL), count(*) FILTER (fault IS NOT NULL), 0, NULL, NULL, NULL,
        NULL
    FROM (SELECT source, fault FROM record.people UNION ALL SELECT source, fault FROM record.rates
          UNION ALL SELECT source, fault FROM record.unreadable)
    GROUP BY source
), came AS (
    SELECT source, currency, sum(typed)::BIGINT AS typed, sum(refused)::BIGINT AS refused, sum(aside)::BIGINT AS aside,
        coalesce(sum(attributed), 0)::total_money AS attributed, coalesce(sum(unattributed), 0)::total_money AS unattributed,
        coalesce(sum(quarantined), 0)::total_money AS quarantined, coalesce(sum(set_aside), 0)::total_money AS set_aside
    FROM parts
    GROUP BY source, currency
)
SELECT getvariable('run_id') AS run_id, 'record' AS stage, source, currency, coalesce(rows_read, 0) AS rows_read,
    coalesce(typed, 0) AS rows_typed, coalesce(refused, 0) AS rows_quarantined, coalesce(aside, 0) AS rows_set_aside,
    coalesce(amount_in, 0)::total_money AS amount_in, coalesce(rounding, 0)::DECIMAL(38, 6) AS rounding,
    coalesce(attributed, 0)::total_money AS attributed, coalesce(unattributed, 0)::total_money AS unattributed,
    coalesce(quarantined, 0)::total_money AS quarantined, coalesce(set_aside, 0)::total_money AS set_aside
FROM entered FULL JOIN came USING (source, currency)
ORDER BY source, currency;
