-- The columns of typed exchange rates. record.rates is a view over one such table a source.
-- writes record.empty_rates   grain: none
CREATE OR REPLACE TABLE record.empty_rates (
    file_id INTEGER, source_row BIGINT, valid_from DATE, currency VARCHAR, rate DECIMAL(18, 9), extra rates_extra,
    known_at TIMESTAMP, fault fault, set_aside BOOLEAN
);
