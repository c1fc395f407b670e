-- The cash flows of known persons and of nobody in particular, each once.
-- reads record.ledger, identify.persons   writes ledger   grain: cash flow
CREATE OR REPLACE TABLE ledger AS
SELECT getvariable('run_id')::run_name AS run_id, person_id, source::source_name AS source, key, occurred_at, kind, amount, currency::currency_code AS currency,
    quantity, product, channel, order_id, source_row, known_at, file_id, project_amount, is_product, contract
FROM record.ledger LEFT JOIN identify.persons USING (key)
WHERE fault IS NULL AND NOT set_aside;
