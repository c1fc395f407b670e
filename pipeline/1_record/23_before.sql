-- The rows about to be replaced, by what they say: a row that comes back as it was keeps the moment it was first known.
-- reads ledger, gone   writes before   grain: fingerprint × copy
CREATE OR REPLACE TEMP TABLE before AS
SELECT print, row_number() OVER (PARTITION BY print ORDER BY known_at, file_id, source_row) AS copy, known_at, run_id::VARCHAR AS run_id
FROM (
    SELECT print_of(key, occurred_at, kind, amount, currency, quantity, product, is_product, channel, order_id, contract, NULL) AS print,
        known_at, file_id, source_row, run_id
    FROM ledger
    WHERE source = getvariable('source') AND (getvariable('whole') OR file_id IN (FROM gone))
);
