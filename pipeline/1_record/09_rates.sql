-- Exchange rates as they were read; fault says why one cannot be used.
-- writes record.rates   grain: one row read
CREATE TABLE IF NOT EXISTS record.rates (
    source VARCHAR, file_id INTEGER, source_row BIGINT, valid_from DATE, currency VARCHAR, rate DECIMAL(18, 9),
    extra rates_extra, known_at TIMESTAMP, fault fault, set_aside BOOLEAN
);
