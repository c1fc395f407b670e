-- What alone has exactly the size of a difference between our total and finance's: a part of the money equation, or one
-- kind of cash flow.
-- reads sums, grouped   grain: one text, NULL when nothing fits
CREATE OR REPLACE TEMP MACRO explained_by(difference) AS (
    SELECT min(words) FROM (
        SELECT 'the quarantine' AS words, sum(quarantined) AS amount FROM sums
        UNION ALL SELECT 'rows set aside as repeated', sum(set_aside) FROM sums
        UNION ALL SELECT 'money from no customer', sum(unattributed) FROM sums
        UNION ALL SELECT 'the quarantine and the rows set aside', sum(quarantined) + sum(set_aside) FROM sums
        UNION ALL SELECT 'all ' || kind || ' rows', sum(amount) FROM grouped WHERE fault IS NULL GROUP BY kind
        UNION ALL SELECT 'the amounts of ' || strftime(occurred_at, '%Y-%m'), sum(amount) FROM grouped GROUP BY ALL
    )
    WHERE difference <> 0 AND amount = difference
);
