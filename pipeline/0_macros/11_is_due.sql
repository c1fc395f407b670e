-- Was a cash flow refused for standing too far ahead, and would it be taken today?
CREATE OR REPLACE TEMP MACRO is_due(code, occurred_at) AS
    coalesce(code = 'E213' AND occurred_at >= TIMESTAMP '1900-01-01' AND occurred_at < (getvariable('today') + 2)::TIMESTAMP, false);
