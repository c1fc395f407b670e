-- An amount with as many decimals as its currency has: 1019 for yen, 3.080 for Kuwaiti dinars.
CREATE OR REPLACE TEMP MACRO shown(amount, minor) AS (
    CASE minor
        WHEN 0 THEN amount::DECIMAL(38, 0)::VARCHAR
        WHEN 2 THEN amount::DECIMAL(38, 2)::VARCHAR
        WHEN 3 THEN amount::DECIMAL(38, 3)::VARCHAR
        ELSE amount::DECIMAL(38, 4)::VARCHAR
    END
);
