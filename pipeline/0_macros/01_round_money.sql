-- Rounds to a currency's minor unit, half to even. x is DECIMAL(18,6): enough digits to undo the noise of a DOUBLE.
-- round() goes away from zero on a tie, so a tie that landed on an odd unit goes one unit back. Nearly every amount has
-- no more digits than its currency: those take the first branch, in 64-bit arithmetic.
CREATE OR REPLACE TEMP MACRO round_money(x, minor) AS (
    CASE
        WHEN minor = 2 AND round(x, 2)::DECIMAL(18, 6) = x THEN round(x, 2)::money
        WHEN minor = 2 THEN (round(x, 2) - CASE WHEN abs(x - round(x, 2)) = 0.005 AND (round(x, 2) * 100) % 2 <> 0
                                                THEN sign(x) * 0.01 ELSE 0 END)::money
        WHEN minor = 0 THEN (round(x, 0) - CASE WHEN abs(x - round(x, 0)) = 0.5 AND round(x, 0) % 2 <> 0
                                                THEN sign(x) ELSE 0 END)::money
        WHEN minor = 3 THEN (round(x, 3) - CASE WHEN abs(x - round(x, 3)) = 0.0005 AND (round(x, 3) * 1000) % 2 <> 0
                                                THEN sign(x) * 0.001 ELSE 0 END)::money
        ELSE (round(x, 4) - CASE WHEN abs(x - round(x, 4)) = 0.00005 AND (round(x, 4) * 10000) % 2 <> 0
                                 THEN sign(x) * 0.0001 ELSE 0 END)::money
    END
);
