-- The files that sources read.
-- writes record.files   grain: file of a source
CREATE TABLE IF NOT EXISTS record.files (file_id INTEGER, source VARCHAR, file VARCHAR, name VARCHAR);
