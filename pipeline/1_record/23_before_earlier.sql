-- The same for a store begun from nothing: its rows were known to the one published before.
-- reads earlier_ledger   writes before   grain: fingerprint × copy
CREATE OR REPLACE TEMP TABLE before AS
SELECT print, row_number() OVER (PARTITION BY print ORDER BY known_at, file_id, source_row) AS copy, known_at, run_id
FROM (
    SELECT print_of(key, occurred_at, kind, amount, currency, quantity, product, is_product, channel, order_id, contract, NULL) AS print,
        known_at, file_id, source_row, run_id
    FROM earlier_ledger
    WHERE source = getvariable('source')
);
