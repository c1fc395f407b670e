-- Which of several records of a person is the latest: undated ones come before all dated ones, and a NULL would come after them.
CREATE OR REPLACE TEMP MACRO as_late_as(updated_at, source, source_row) AS (
    (coalesce(updated_at, TIMESTAMP '0001-01-01'), source, source_row)
);
