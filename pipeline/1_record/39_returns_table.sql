-- writes returns   grain: return × sale it is paired with
CREATE TABLE IF NOT EXISTS returns (
    source VARCHAR, file_id INTEGER, source_row BIGINT, key VARCHAR, product VARCHAR, occurred_at TIMESTAMP, amount money,
    currency VARCHAR, project_amount money, quantity DECIMAL(18, 3), sale_source VARCHAR, sale_file_id INTEGER, sale_row BIGINT,
    sold_at TIMESTAMP, paired_quantity DECIMAL(18, 3), run_id VARCHAR
);
