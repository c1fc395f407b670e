-- What someone should know before they use the tables: in words, with the command or the line that follows from it. `about` is
-- the same in a word or two; n counts what it is about.
-- reads ledger, record.refused, record.repeats_kept, returns, quarantine, money, runs, history.buyers, forecast.horizons, model_scores
-- writes warnings   grain: warning
CREATE OR REPLACE TABLE warnings AS
WITH counted AS (
    SELECT
        (SELECT sum(rows_read) FROM money WHERE stage = 'record')::BIGINT AS lines,
        (SELECT count(*) FROM ledger WHERE key IS NULL) AS no_customer,
        (SELECT sum(kept) FROM record.repeats_kept)::BIGINT AS repeats,
        (SELECT count(*) FROM record.refused WHERE set_aside AND fault IS NULL) AS set_aside,
        (SELECT count(*) FROM ledger WHERE kind = 'refund') AS returns,
        (SELECT count(*) FROM returns WHERE sale_source IS NULL) AS unpaired,
        (SELECT count(*) FROM quarantine) AS quarantined,
        (SELECT count(*) FROM ledger WHERE occurred_at >= (getvariable('as_of') + 1)::TIMESTAMP) AS later,
        (SELECT count(*) FROM history.buyers) AS buyers,
        (SELECT (getvariable('as_of') - min(first_day))::BIGINT FROM history.buyers) AS known_days,
        (SELECT bool_or(model LIKE '%+season') FROM forecast.horizons) AS season,
        (SELECT max_by(value, horizon_days) FROM model_scores WHERE "last" AND chosen AND metric = 'bias') AS bias,
        (SELECT max(horizon_days) FROM model_scores WHERE "last" AND chosen AND metric = 'bias' AND value IS NOT NULL) AS tried_days
), found AS (
    SELECT unnest([
        {code: 'W201', about: 'no lines', n: CASE WHEN coalesce(lines, 0) = 0 THEN 1 END,
         says: 'the sources have no lines yet: the tables are empty', next: NULL},
        {code: 'W202', about: 'no customer', n: no_customer,
         says: CASE no_customer WHEN 1 THEN '1 line names' ELSE format('{:,} lines name', no_customer) END
            || ' no customer: counted and valued as "no customer", not forecast', next: 'patron sql "FROM ledger WHERE key IS NULL"'},
        {code: 'W203', about: 'duplicates', n: repeats,
         says: CASE repeats WHEN 1 THEN '1 line repeats' ELSE format('{:,} lines repeat', repeats) END
            || ' another of the same file exactly: kept', next: 'duplicates: drop in patron.yaml counts them once'},
        {code: 'W204', about: 'set aside', n: set_aside,
         says: CASE set_aside WHEN 1 THEN '1 line repeats another and was' ELSE format('{:,} lines repeat another and were', set_aside) END
            || ' set aside', next: 'patron sql "FROM record.refused WHERE set_aside"'},
        {code: 'W205', about: 'unpaired returns', n: unpaired,
         says: format('{:,} of {:,} returns have no earlier sale to go with: kept, marked unpaired', unpaired, returns),
         next: 'patron sql "FROM returns WHERE sale_source IS NULL"'},
        {code: 'W206', about: 'quarantine', n: quarantined,
         says: CASE quarantined WHEN 1 THEN '1 line' ELSE format('{:,} lines', quarantined) END || ' in quarantine: not used, kept with the reason',
         next: 'patron sql "FROM quarantine"'},
        {code: 'W207', about: 'later rows', n: later,
         says: CASE later WHEN 1 THEN '1 line is' ELSE format('{:,} lines are', later) END || ' dated after ' || getvariable('as_of')::VARCHAR
            || ': in the money and on the timeline, unknown to every model',
         next: 'patron sql "FROM ledger WHERE occurred_at::DATE > ''' || getvariable('as_of')::VARCHAR || '''"'},
        {code: 'W301', about: 'not tried', n: CASE WHEN buyers > 0 AND tried_days IS NULL THEN buyers END,
         says: 'the history is too short to try a forecast in the past: believe the ranges, not their centre', next: 'patron check'},
        {code: 'W302', about: 'season', n: CASE WHEN season AND known_days < 730 THEN known_days END,
         says: format('{:,} days of history: under two years cannot tell a season from customers leaving', known_days), next: 'patron check'},
        {code: 'W303', about: 'track record', n: CASE WHEN abs(bias) > 0.15 THEN tried_days END,
         says: format('{} ago the forecast of what came since was {:.0f} % too {}: trust the range, not its centre',
                CASE WHEN tried_days IN (365, 366) THEN 'a year' WHEN tried_days % 7 = 0 THEN tried_days // 7 || ' weeks'
                     ELSE tried_days || ' days' END,
                100 * abs(bias), CASE WHEN bias > 0 THEN 'high' ELSE 'low' END), next: 'patron check'},
        {code: 'W401', about: 'no costs', n: CASE WHEN lines > 0 AND NOT getvariable('has_costs') AND NOT getvariable('margin_assumed') THEN lines END,
         says: 'no costs are known: values are sales after returns, not profit',
         next: 'add margin: 0.38 to patron.yaml, or a source of cost rows'},
        {code: 'W402', about: 'margin assumed', n: CASE WHEN getvariable('margin_assumed') THEN lines END,
         says: format('no costs are known: the margin of patron.yaml, {:.4g}, is taken for everyone', getvariable('margin')),
         next: 'add a source of cost rows'}
    ]) AS w
    FROM counted
)
SELECT getvariable('run_id') AS run_id, w.code AS code, w.about AS about, w.n::BIGINT AS count, w.says AS message, w.next AS next
FROM found
WHERE w.n > 0
ORDER BY code;
