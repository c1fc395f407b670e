-- How many rows of each file repeat another of the same file and were kept.
-- writes record.repeats_kept   grain: file of a source
CREATE TABLE IF NOT EXISTS record.repeats_kept (source VARCHAR, file_id INTEGER, kept BIGINT);
