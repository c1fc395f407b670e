-- What came in, counted as it was read and before anything was done with it: the left side of both equations.
-- writes record.reads   grain: source × file × currency
CREATE TABLE IF NOT EXISTS record.reads (
    source VARCHAR, file_id INTEGER, currency VARCHAR, rows_read BIGINT, amount_in DECIMAL(38, 4), rounding DECIMAL(38, 6)
);
