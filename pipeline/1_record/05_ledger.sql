-- The cash flows that could be used, each once: of known persons, and of nobody in particular. Amounts are in their own
-- currency; project_amount is in the project's. known_at is when patron first read the row. person_id is how `person` is spelled:
-- written out it would take a quarter of the time that writing the ledger takes.
-- writes ledger   grain: cash flow
CREATE TABLE IF NOT EXISTS ledger (
    run_id run_name, person_id VARCHAR GENERATED ALWAYS AS ('p_' || person) VIRTUAL, source source_name, key VARCHAR, occurred_at TIMESTAMP, kind cash_flow, amount money,
    currency currency_code, quantity DECIMAL(18, 3), product VARCHAR, channel VARCHAR, order_id VARCHAR, source_row BIGINT,
    known_at TIMESTAMP, person INTEGER, file_id INTEGER, project_amount money, is_product BOOLEAN, contract VARCHAR,
    extra ledger_extra
);
