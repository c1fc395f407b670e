-- Every row of cash flows that was read, whatever became of it.
-- reads ledger, record.refused   writes record.ledger   grain: one row read
CREATE OR REPLACE VIEW record.ledger AS
SELECT source::VARCHAR AS source, file_id, source_row, key, occurred_at, kind, amount, currency::VARCHAR AS currency,
    project_amount, quantity, product, is_product, channel, order_id, contract, extra, known_at, NULL::fault AS fault,
    false AS set_aside
FROM main.ledger
UNION ALL
SELECT source, file_id, source_row, key, occurred_at, kind, amount, currency, project_amount, quantity, product,
    is_product, channel, order_id, contract, extra, known_at, fault, set_aside
FROM record.refused;
