-- The kinds of cash flow and the sign each must have.
-- writes record.kinds   grain: kind
CREATE OR REPLACE TABLE record.kinds AS
SELECT * FROM (VALUES
    ('sale', 1), ('fee', 1), ('penalty', 1), ('overage', 1), ('breakage', 1),
    ('refund', -1), ('goods', -1), ('serve', -1), ('retain', -1), ('acquire', -1), ('reward', -1)
) AS kinds(kind, direction);
