-- The tables behind the page, and what one of their rows is.
-- reads share.published   grain: table
CREATE OR REPLACE TEMP VIEW tables_behind AS
SELECT CASE WHEN schema_name = 'main' THEN table_name ELSE schema_name || '.' || table_name END AS "table", row_count AS rows, row_is AS comment
FROM share.published
ORDER BY place;
