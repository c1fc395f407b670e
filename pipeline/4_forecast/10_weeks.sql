-- The forecast made on the last day that no choice of a model had seen, week by week beside what came: purchases of those who
-- were customers on that day. Ranges are those of that day: how far whole forecasts, and weeks beside their whole, had missed
-- until then, and luck. The last week may be shorter.
-- writes track_record.weeks   grain: horizon × week
CREATE OR REPLACE TABLE track_record.weeks (
    horizon_days INTEGER, made_on DATE, model VARCHAR, week INTEGER, from_day DATE, days INTEGER, came INTEGER, forecast DOUBLE,
    p10 DOUBLE, p25 DOUBLE, p75 DOUBLE, p90 DOUBLE
);
