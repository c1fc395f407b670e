-- The rate of every currency on every day it is known: so that converting is a plain join on currency and day.
-- reads record.rates   writes record.rate_days   grain: currency × day
CREATE OR REPLACE TABLE record.rate_days AS
WITH known AS (
    SELECT currency, valid_from, max(rate) AS rate -- two rates for one day: the higher one, whatever the order read
    FROM record.rates
    WHERE fault IS NULL
    GROUP BY currency, valid_from
), spans AS (
    SELECT currency, valid_from, rate,
        coalesce(lead(valid_from) OVER (PARTITION BY currency ORDER BY valid_from) - 1,
                 greatest(valid_from, getvariable('today') + 1)) AS valid_until
    FROM known
)
SELECT currency, unnest(generate_series(valid_from::TIMESTAMP, valid_until::TIMESTAMP, INTERVAL 1 DAY))::DATE AS day, rate
FROM spans;
