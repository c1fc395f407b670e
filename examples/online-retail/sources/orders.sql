-- stream: ledger
-- Two sheets of one workbook. 1 to 9 December 2010 stand in both: the first sheet is cut where the second begins.
SELECT
    "Customer ID" AS customer,
    InvoiceDate AS occurred_at,
    Quantity * Price AS amount,
    Quantity AS quantity,
    StockCode AS product,
    -- postage, samples, bank charges, vouchers and corrections are money, but not products
    NOT regexp_matches(StockCode, '^(POST|DOT|C2|C3|M|m|D|S|B|PADS|BANK CHARGES|AMAZONFEE|CRUK|ADJUST.*|SP1002|TEST.*|gift_.*)$')
        AS is_product,
    Invoice AS order_id,
    Description AS description,
    Country AS country
FROM (
    FROM 'data/year_2009_2010.parquet' WHERE InvoiceDate < '2010-12-01'
    UNION ALL
    FROM 'data/year_2010_2011.parquet'
)
