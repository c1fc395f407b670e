-- An amount below 10^12, NULL beyond: so that rounding it to whole units cannot overflow.
CREATE OR REPLACE TEMP MACRO in_reach(x) AS CASE WHEN abs(x) < 999999999999.5 THEN x END;
