-- Types exchange rates and says what is wrong with those that cannot be used.
-- reads source_rows   writes reading   grain: one row read
CREATE OR REPLACE TEMP TABLE reading AS
SELECT
    new_files.file_id, source_row, valid_from, upper(currency) AS currency, rate, extra,
    getvariable('known_at') AS known_at,
    CASE
        WHEN valid_from IS NULL AND said(valid_from_given) IS NULL
            THEN fault('E212', 'valid_from', NULL, 'no date: every rate needs its first day')
        WHEN valid_from IS NULL
            THEN fault('E211', 'valid_from', said(valid_from_given), 'not a date: year-month-day was expected, as in 2011-12-09')
        WHEN currency IS NULL OR NOT regexp_full_match(upper(currency), '[A-Z]{3}')
            THEN fault('E215', 'currency', said(currency_given), 'not a currency: three letters were expected, as in EUR')
        WHEN rate IS NULL OR rate <= 0
            THEN fault('E217', 'rate', said(rate_given), 'not a rate: a number above 0 was expected')
    END AS fault,
    false AS set_aside
FROM source_rows LEFT JOIN new_files ON new_files.file = source_rows.file;
