-- Types records of people and says what is wrong with those that cannot be used. A birth date to come is a slip (the century, day and
-- month) and no event to wait for: such a record stays refused when that day has come, until it is corrected. A day is given, as to
-- the ledger, for clocks east of here.
-- reads source_rows   writes reading   grain: one row read
CREATE OR REPLACE TEMP TABLE reading AS
SELECT
    new_files.file_id, source_row, customer AS key,
    source_rows.name, given_name, family_name, birth_date, street, city, postcode, country, email, phone, household, company,
    updated_at, extra, getvariable('known_at') AS known_at,
    CASE
        WHEN customer IS NULL
            THEN fault('E218', 'customer', NULL, 'no key: a record of a person needs the key that other rows use')
        WHEN birth_date IS NULL AND said(birth_date_given) IS NOT NULL
            THEN fault('E211', 'birth_date', said(birth_date_given), 'not a date: year-month-day was expected, as in 1970-04-21')
        WHEN birth_date > getvariable('today') + 1
            THEN fault('E213', 'birth_date', said(birth_date_given), 'no birth date: later than the day it was read')
        WHEN updated_at IS NULL AND said(updated_at_given) IS NOT NULL
            THEN fault('E211', 'updated_at', said(updated_at_given), 'not a date: year-month-day was expected, as in 2011-12-09')
    END AS fault,
    false AS set_aside
FROM source_rows LEFT JOIN new_files ON new_files.file = source_rows.file;
