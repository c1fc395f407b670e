-- reads reading, identify.persons   writes ledger   grain: cash flow
INSERT INTO ledger BY NAME
SELECT run_id, getvariable('source') AS source, key, occurred_at, kind, amount, currency, quantity, product, channel,
    order_id, source_row, known_at, person, file_id, project_amount, is_product, contract, extra
FROM reading LEFT JOIN identify.persons USING (key)
WHERE NOT refused;
