-- How the values of each column are written: how many look like numbers, moments, addresses, codes; where points and commas
-- stand in them; which of day and month cannot be the other. `digits` is what a number is made of, `date` what a date is.
-- reads cells   writes looks   grain: column
CREATE OR REPLACE TEMP TABLE looks AS
WITH split AS (
    SELECT *,
        regexp_full_match(value, '[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?') AS plain,
        regexp_full_match(value, '[-+−(]?\s*([A-Z]{3}|[A-Z]{0,2}[£€$¥₹₺]|kr\.?|zł|Fr\.?)?\s*[-+−]?\s*[0-9]([0-9., ''’\x{A0}\x{202F}]*[0-9])?\s*([A-Z]{3}|[£€$¥₹₺]|kr\.?|zł|Kč)?\s*[-)]?') AS moneylike,
        regexp_replace(value, '[^0-9.,]', '', 'g') AS digits,
        regexp_extract(value, '^([0-9]{1,2})([/.-])([0-9]{1,2})([/.-])([0-9]{4}|[0-9]{2})([T ,].*)?$', ['a', 's', 'b', 't', 'y', 'tail']) AS date,
        regexp_extract(value, '^[0-9]{4}([/.-])[0-9]{1,2}[/.-][0-9]{1,2}([T ].*)?$', ['s', 'tail']) AS year_date,
        regexp_extract(value, '^([0-9]{1,2})?([ -])?([A-Za-z]{3,9})[ -]([0-9]{1,2}, ?)?([0-9]{4}|[0-9]{2})([ ,T].*)?$', ['a', 's', 'm', 'b', 'y', 'tail']) AS named
    FROM cells
), judged AS (
    SELECT *, TRY_CAST(CASE WHEN plain THEN value END AS DOUBLE) AS x,
        date.y IS NOT NULL AND date.y <> '' AS is_date, coalesce(year_date.s, '') <> '' AS is_year_date,
        coalesce(named.m, '') <> '' AND list_contains(['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'], lower(left(named.m, 3))) AS is_named,
        nullif(CASE WHEN date.y <> '' THEN date.tail WHEN year_date.s <> '' THEN year_date.tail WHEN is_named THEN named.tail END, '') AS tail
    FROM split
)
SELECT place, sum(times) AS seen, count(*)::DOUBLE AS different,
    coalesce(sum(times) FILTER (plain), 0) AS plain,
    coalesce(sum(times) FILTER (moneylike OR plain), 0) AS moneylike,
    coalesce(sum(times) FILTER (regexp_full_match(value, '[+-]?[0-9]+(\.0+)?')), 0) AS whole,
    coalesce(sum(times) FILTER ((moneylike OR plain) AND regexp_matches(value, '[-−]\s*[^0-9]*[0-9]|[0-9][^0-9]*-$|^\(.*\)$')), 0) AS negative,
    coalesce(sum(times) FILTER (moneylike AND regexp_matches(value, '^\(.*\)$|-$|^−')), 0) AS brackets,
    coalesce(sum(times) FILTER (regexp_matches(value, '^0[0-9]')), 0) AS zeros_first,
    coalesce(sum(times) FILTER (moneylike AND NOT plain), 0) AS marked,
    coalesce(sum(times) FILTER (moneylike AND regexp_matches(value, '[^0-9.,+-]')), 0) AS odd,
    coalesce(sum(times) FILTER (moneylike AND regexp_matches(digits, ',([0-9]{1,2}|[0-9]{4,})$')), 0) AS comma_end,
    coalesce(sum(times) FILTER (moneylike AND regexp_full_match(digits, '[0-9]{1,3},[0-9]{3}')), 0) AS comma_three,
    coalesce(sum(times) FILTER (moneylike AND regexp_matches(digits, '\.([0-9]{1,2}|[0-9]{4,})$')), 0) AS point_end,
    coalesce(sum(times) FILTER (moneylike AND regexp_full_match(digits, '[0-9]{1,3}\.[0-9]{3}')), 0) AS point_three,
    coalesce(sum(times) FILTER (moneylike AND regexp_matches(digits, '\.[0-9]{3},[0-9]|\.[0-9]{3}\.[0-9]{3}')), 0) AS comma_last,
    coalesce(sum(times) FILTER (moneylike AND regexp_matches(digits, ',[0-9]{3}\.[0-9]|,[0-9]{3},[0-9]{3}')), 0) AS point_last,
    coalesce(sum(times) FILTER (is_year_date AND TRY_CAST(value AS TIMESTAMPTZ) IS NOT NULL), 0) AS iso,
    coalesce(sum(times) FILTER (regexp_matches(tail, ':.*(Z|[+-][0-9]{2}(:?[0-9]{2})?)$')), 0) AS zoned,
    coalesce(sum(times) FILTER (tail IS NOT NULL), 0) AS timed,
    coalesce(sum(times) FILTER (is_date AND date.s = date.t), 0) AS days,
    coalesce(sum(times) FILTER (is_date AND TRY_CAST(date.a AS INTEGER) BETWEEN 13 AND 31), 0) AS first_over,
    coalesce(sum(times) FILTER (is_date AND TRY_CAST(date.b AS INTEGER) BETWEEN 13 AND 31), 0) AS second_over,
    coalesce(sum(times) FILTER (is_date AND TRY_CAST(date.a AS INTEGER) > 12 AND TRY_CAST(date.b AS INTEGER) > 12), 0) AS over_both,
    coalesce(sum(times) FILTER (coalesce(length(date.y), length(named.y)) = 4 OR length(named.y) = 4), 0) AS long_year,
    coalesce(sum(times) FILTER (is_year_date), 0) AS year_first,
    coalesce(sum(times) FILTER (regexp_full_match(value, '(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])')), 0) AS compact,
    coalesce(sum(times) FILTER (regexp_full_match(value, '[0-9]{9,10}(\.[0-9]+)?') AND x BETWEEN 631152000 AND 2208988800), 0) AS seconds,
    coalesce(sum(times) FILTER (regexp_full_match(value, '[0-9]{12,13}') AND x BETWEEN 631152000000 AND 2208988800000), 0) AS milliseconds,
    coalesce(sum(times) FILTER (is_named AND ((named.a <> '') <> (named.b <> ''))), 0) AS month_name,
    coalesce(sum(times) FILTER (is_named AND named.b <> ''), 0) AS name_first,
    coalesce(sum(times) FILTER (is_named AND length(named.m) > 3), 0) AS long_month,
    coalesce(sum(times) FILTER (regexp_full_match(value, '[^@\s]+@[^@\s]+\.[A-Za-z]{2,}')), 0) AS email,
    coalesce(sum(times) FILTER (regexp_full_match(value, '(\+|00|\()?[0-9][0-9 ()./-]{5,18}[0-9]') AND NOT plain AND NOT is_date AND NOT is_year_date), 0) AS phone,
    coalesce(sum(times) FILTER (regexp_full_match(value, '(?i)AED|ARS|AUD|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|ISK|JPY|KRW|KWD|MAD|MXN|MYR|NGN|NOK|NZD|PEN|PHP|PKR|PLN|RON|RSD|RUB|SAR|SEK|SGD|THB|TRY|TWD|UAH|USD|VND|ZAR')), 0) AS code,
    coalesce(sum(times) FILTER (list_contains(['true', 'false', 'yes', 'no', 'y', 'n', 't', 'f', '0', '1'], lower(value))), 0) AS truth,
    coalesce(sum(times) FILTER (regexp_matches(value, '\p{L}')), 0) AS letters,
    coalesce(sum(times) FILTER (contains(value, ' ')), 0) AS blanks,
    coalesce(min(x), 0)::DOUBLE AS least, coalesce(max(x), 0)::DOUBLE AS most,
    coalesce(sum(times * length(value)) / sum(times), 0)::DOUBLE AS middle_length,
    coalesce(max(times) / sum(times), 0)::DOUBLE AS common_share,
    coalesce(arg_max(date.s, (times, value)) FILTER (is_date),
             arg_max(year_date.s, (times, value)) FILTER (is_year_date),
             arg_max(coalesce(named.s, ''), (times, value)) FILTER (is_named), '') AS separator,
    coalesce(arg_max(regexp_replace(tail, '[0-9]+', '9', 'g'), (times, value)) FILTER (tail IS NOT NULL), '') AS tail,
    coalesce(arg_max(regexp_extract(value, '[£€$¥₹₺]|[A-Z]{3}|zł|kr|Kč'), (times, value)) FILTER (moneylike AND NOT plain AND regexp_matches(value, '[£€$¥₹₺]|[A-Z]{3}|zł|kr|Kč')), '') AS sign,
    coalesce(arg_max(left(value, 60), (times, value)), '') AS common
FROM judged
GROUP BY place;
