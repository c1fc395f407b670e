-- One person in `every`, by lot: of the key, which stays what it is, and not of the person's number, which is a matter of who came
-- first. A lot drawn in a slice is the lot drawn in one build.
CREATE OR REPLACE TEMP MACRO drawn(key, every) AS (hash(key) % every = 0);
