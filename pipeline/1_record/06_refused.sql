-- Rows of cash flows that are not in the ledger: fault says why one is in quarantine, set_aside that it repeats a row of
-- another file. They are kept whole.
-- writes record.refused   grain: one row
CREATE TABLE IF NOT EXISTS record.refused (
    source VARCHAR, file_id INTEGER, source_row BIGINT, key VARCHAR, occurred_at TIMESTAMP, kind cash_flow, amount money,
    rounding DECIMAL(18, 6), currency VARCHAR, project_amount money, quantity DECIMAL(18, 3), product VARCHAR,
    is_product BOOLEAN, channel VARCHAR, order_id VARCHAR, contract VARCHAR, extra ledger_extra, known_at TIMESTAMP,
    fault fault, set_aside BOOLEAN
);
