-- Rows of other files of the source that may repeat one of those just read, or that were set aside because of one that has
-- gone: they are judged again together. (Only a source of several files has any.)
-- reads reading, ledger, record.refused   writes reading   grain: cash flow
INSERT INTO reading BY NAME
WITH aside AS (
    SELECT file_id, source_row, key, occurred_at, kind, amount, rounding, currency, project_amount, quantity, product, is_product,
        channel, order_id, contract, extra, known_at, getvariable('run_id') AS run_id,
        print_of(key, occurred_at, kind, amount, currency, quantity, product, is_product, channel, order_id, contract, extra) AS print
    FROM record.refused
    WHERE fault IS NULL AND source = getvariable('source')
), kept AS (
    SELECT file_id, source_row, key, occurred_at, kind, amount, 0 AS rounding, currency::VARCHAR AS currency, project_amount, quantity,
        product, is_product, channel, order_id, contract, extra, known_at, run_id::VARCHAR AS run_id,
        print_of(key, occurred_at, kind, amount, currency, quantity, product, is_product, channel, order_id, contract, extra) AS print
    FROM ledger
    WHERE source = getvariable('source')
)
SELECT *, NULL AS fault, false AS set_aside, false AS refused
FROM (FROM kept WHERE print IN (SELECT print FROM reading WHERE NOT refused UNION ALL SELECT print FROM aside)
      UNION ALL BY NAME FROM aside);
