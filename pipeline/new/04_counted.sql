-- Every row of a drafted ledger as a build would type it, and what keeps it from counting. The faults are those of the step
-- that reads a ledger in a build; a print is what a row says, so rows that say the same have the same one.
-- reads source_rows   writes counted   grain: row
CREATE OR REPLACE TEMP TABLE counted AS
SELECT file, customer, occurred_at, amount::DECIMAL(18, 6) AS amount, upper(currency) AS currency,
    hash(customer, occurred_at, kind, amount, currency, quantity, product, channel, order_id, extra) AS print,
    CASE WHEN occurred_at IS NULL THEN 'date'
         WHEN occurred_at >= (today() + 2)::TIMESTAMP OR occurred_at < TIMESTAMP '1900-01-01' THEN 'ahead'
         WHEN amount IS NULL OR abs(amount) >= 999999999999.5 THEN 'amount'
         WHEN quantity * round(amount, 2) < 0 THEN 'sign'
    END AS fault,
    CASE WHEN occurred_at IS NULL THEN nullif(left(occurred_at_given::VARCHAR, 40), '') END AS date_given,
    CASE WHEN amount IS NULL THEN nullif(left(amount_given::VARCHAR, 40), '') END AS amount_given
FROM source_rows;
