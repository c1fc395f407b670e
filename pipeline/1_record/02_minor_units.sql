-- Currencies whose minor unit is not a hundredth (ISO 4217).
-- writes record.minor_units   grain: currency
CREATE OR REPLACE TABLE record.minor_units AS
SELECT unnest(['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV',
               'XAF', 'XOF', 'XPF']) AS currency, 0 AS minor
UNION ALL
SELECT unnest(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND']), 3
UNION ALL
SELECT unnest(['CLF', 'UYW']), 4;
