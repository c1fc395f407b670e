-- Keeps the lines of a CSV file that DuckDB had to leave out. Their source_row is the line in the file.
-- reads reject_errors, reject_scans (DuckDB's own, of the source just read)   writes record.unreadable   grain: one line
INSERT INTO record.unreadable
SELECT getvariable('source') AS source, new_files.file_id, line::BIGINT AS source_row,
    fault('E223', arg_min(column_name, column_idx), min(csv_line), 'line ' || line || ': ' ||
        CASE min(error_type)::VARCHAR
            WHEN 'CAST' THEN replace(split_part(arg_min(error_message, column_idx), '. ', 2), 'Could', 'could')
            WHEN 'MISSING COLUMNS' THEN 'fewer values than there are columns'
            WHEN 'TOO MANY COLUMNS' THEN 'more values than there are columns'
            WHEN 'UNQUOTED VALUE' THEN 'a quote that is never closed, or text after one that is'
            WHEN 'LINE SIZE OVER MAXIMUM' THEN 'longer than 32 MiB'
            WHEN 'INVALID ENCODING' THEN 'not UTF-8: give read_csv the encoding of the file'
            ELSE 'cannot be split into columns'
        END) AS fault
FROM reject_errors JOIN reject_scans USING (scan_id, file_id)
LEFT JOIN new_files ON new_files.file = file_path
GROUP BY new_files.file_id, line;
