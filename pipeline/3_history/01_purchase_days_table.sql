-- The days on which each person bought something: a sale above 0, returned later or not. Several on one day are one.
-- writes history.purchase_days   grain: person who ever bought
CREATE TABLE IF NOT EXISTS history.purchase_days (person INTEGER, days DATE[]);
