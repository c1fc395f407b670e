-- Lines that could not be split into columns: too many fields, an open quote, bytes that are not UTF-8.
-- writes record.unreadable   grain: one line
CREATE TABLE IF NOT EXISTS record.unreadable (source VARCHAR, file_id INTEGER, source_row BIGINT, fault fault);
