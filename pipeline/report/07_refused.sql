-- The rows that could not be used. Masked, without what stood in them: a line that cannot be split may hold a name.
-- reads quarantine   grain: row
CREATE OR REPLACE TEMP VIEW refused AS
SELECT source, file, source_row::BIGINT AS source_row, column_name, CASE WHEN NOT getvariable('masked') THEN value END AS value, code,
    CASE WHEN code <> 'E223' THEN reason WHEN getvariable('masked') THEN 'a line that cannot be split into columns, or does not fit them'
         ELSE regexp_replace(reason, '^line [0-9]+: ', '') END AS reason, amount, currency
FROM quarantine;
