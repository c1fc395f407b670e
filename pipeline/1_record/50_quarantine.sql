-- Every row that could not be used, with the place it stands and the reason. Nothing is lost: the row itself stays in
-- record.refused (people and rates: in their own tables), or in record.unreadable when its line could not be split into columns.
-- reads record.refused, record.people, record.rates, record.unreadable   writes quarantine   grain: one row
CREATE OR REPLACE TABLE quarantine AS
SELECT getvariable('run_id') AS run_id, faults.source, files.name AS file, source_row, fault.column_name AS column_name, fault.value AS value,
    fault.code AS code, fault.reason AS reason, amount::money AS amount, currency
FROM (
    SELECT source, file_id, source_row, fault, amount, currency FROM record.refused WHERE fault IS NOT NULL
    UNION ALL
    SELECT source, file_id, source_row, fault, NULL, NULL FROM record.people WHERE fault IS NOT NULL
    UNION ALL
    SELECT source, file_id, source_row, fault, NULL, NULL FROM record.rates WHERE fault IS NOT NULL
    UNION ALL
    SELECT source, file_id, source_row, fault, NULL, NULL FROM record.unreadable
) AS faults LEFT JOIN record.files USING (file_id)
ORDER BY faults.source, files.name, source_row;
