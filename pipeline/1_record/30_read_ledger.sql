-- Types every row of one source of cash flows and says what is wrong with those that cannot be used.
-- Amounts are rounded here, once, to their currency's minor unit; `rounding` keeps what that took away. print is the row's
-- fingerprint; refused says that it will not be in the ledger, be it for its fault or because it repeats another.
-- reads source_rows, new_files, record.kinds, record.minor_units, record.rate_days   writes reading
--   grain: one row read
CREATE OR REPLACE TEMP TABLE reading AS
WITH given AS (
    SELECT * REPLACE (in_reach(amount) AS amount),
        coalesce(upper(currency), getvariable('currency')) AS code,
        coalesce(lower(kind), CASE WHEN amount >= 0 THEN 'sale' ELSE 'refund' END) AS flow
    FROM source_rows
), rounded AS (
    SELECT given.*, kinds.direction, rate_days.rate,
        round_money(amount, coalesce(minor, 2)) AS money,
        CASE WHEN code = getvariable('currency') THEN money
             ELSE round_money(in_reach(TRY_CAST(money::DECIMAL(28, 4) * rate AS DECIMAL(18, 6))), getvariable('minor'))
        END AS converted
    FROM given
    LEFT JOIN record.kinds ON kinds.kind = flow
    LEFT JOIN record.minor_units ON minor_units.currency = code
    LEFT JOIN record.rate_days ON rate_days.currency = code AND rate_days.day = occurred_at::DATE
), judged AS (
    SELECT
        new_files.file_id, source_row, customer AS key, occurred_at, TRY_CAST(flow AS cash_flow) AS kind,
        money AS amount,
        CASE WHEN money::DECIMAL(18, 6) = amount THEN 0 ELSE amount - money END::DECIMAL(18, 6) AS rounding, code AS currency,
        converted AS project_amount,
        quantity, product, coalesce(is_product, product IS NOT NULL) AS is_product, channel, order_id, contract, extra,
        getvariable('known_at') AS known_at, getvariable('run_id') AS run_id,
        CASE
            WHEN occurred_at IS NULL AND said(occurred_at_given) IS NULL
                THEN fault('E212', 'occurred_at', NULL, 'no date: every cash flow needs its moment')
            WHEN occurred_at IS NULL
                THEN fault('E211', 'occurred_at', said(occurred_at_given),
                           'not a date: year-month-day was expected, as in 2011-12-09 or 2011-12-09 12:50:00')
            WHEN occurred_at >= (getvariable('today') + 2)::TIMESTAMP
                THEN fault('E213', 'occurred_at', said(occurred_at_given), 'more than one day after today')
            WHEN occurred_at < TIMESTAMP '1900-01-01'
                THEN fault('E213', 'occurred_at', said(occurred_at_given), 'before 1900')
            WHEN amount IS NULL AND said(amount_given) IS NULL
                THEN fault('E214', 'amount', NULL, 'no amount')
            WHEN amount IS NULL
                THEN fault('E214', 'amount', said(amount_given),
                           'not an amount: digits with a decimal point were expected, below 10^12, as in -1234.50')
            WHEN code <> getvariable('currency') AND NOT regexp_full_match(code, '[A-Z]{3}')
                THEN fault('E215', 'currency', said(currency_given), 'not a currency: three letters were expected, as in EUR')
            WHEN code <> getvariable('currency') AND rate IS NULL
                THEN fault('E216', 'currency', code, 'no rate to ' || getvariable('currency') || ' for that day: add it to a source of stream rates')
            WHEN converted IS NULL
                THEN fault('E214', 'amount', said(amount_given), 'too large in ' || getvariable('currency') || ': at most 10^12 was expected')
            WHEN direction IS NULL
                THEN fault('E219', 'kind', said(kind_given),
                           'unknown kind: sale, refund, goods, serve, retain, acquire, reward, fee, penalty, overage or breakage was expected')
            WHEN direction > 0 AND money < 0
                THEN fault('E220', 'amount', said(amount_given), 'a ' || flow || ' below 0: money in is above 0; a return is a refund')
            WHEN direction < 0 AND money > 0
                THEN fault('E220', 'amount', said(amount_given), 'a ' || flow || ' above 0: money out is below 0')
            WHEN quantity IS NULL AND said(quantity_given) IS NOT NULL
                THEN fault('E221', 'quantity', said(quantity_given), 'not a number')
            WHEN (quantity > 0 AND money < 0) OR (quantity < 0 AND money > 0)
                THEN fault('E222', 'quantity', said(quantity_given), 'quantity and amount differ in sign')
        END AS fault,
        false AS set_aside
    FROM rounded LEFT JOIN new_files ON new_files.file = rounded.file
)
SELECT *, fault IS NOT NULL AS refused,
    print_of(key, occurred_at, kind, amount, currency, quantity, product, is_product, channel, order_id, contract, extra) AS print
FROM judged;
