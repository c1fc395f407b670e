-- The files that sources read, as they were when they were read: the next build reads only what has changed.
-- writes record.files   grain: file of a source
CREATE TABLE IF NOT EXISTS record.files (
    file_id INTEGER, source VARCHAR, file VARCHAR, name VARCHAR, size BIGINT, modified BIGINT
);
