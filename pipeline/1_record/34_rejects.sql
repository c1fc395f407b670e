-- Keeps the lines of a CSV file that DuckDB had to leave out.
-- reads reject_errors, reject_scans (DuckDB's own, of the source just read)   writes record.unreadable   grain: one line
INSERT INTO record.unreadable
SELECT getvariable('source') AS source, files.file_id, line::BIGINT AS source_row,
    fault('E223', min(column_name), min(csv_line), 'line cannot be split into columns: ' || lower(replace(min(error_type)::VARCHAR, '_', ' '))) AS fault
FROM reject_errors JOIN reject_scans USING (scan_id, file_id)
LEFT JOIN record.files ON files.file = file_path AND files.source = getvariable('source')
GROUP BY files.file_id, line;
