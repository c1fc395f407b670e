-- The columns of a typed ledger. Every row read is kept with its fate: fault says why it is in quarantine, set_aside
-- that it repeats a row of another file. record.ledger is a view over one such table a source, this one first.
-- writes record.empty_ledger   grain: none
CREATE OR REPLACE TABLE record.empty_ledger (
    file_id INTEGER, source_row BIGINT, key VARCHAR, occurred_at TIMESTAMP, kind cash_flow, amount money,
    rounding DECIMAL(18, 6), currency VARCHAR, project_amount money, quantity DECIMAL(18, 3), product VARCHAR,
    is_product BOOLEAN, channel VARCHAR, order_id VARCHAR, contract VARCHAR, extra ledger_extra, known_at TIMESTAMP,
    fault fault, set_aside BOOLEAN
);
