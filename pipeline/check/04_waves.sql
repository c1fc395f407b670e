-- The season as it was fitted to all there is: that of a model in use (taken), or else of one that was tried.
-- reads models   grain: sine and cosine of each harmonic
CREATE OR REPLACE TEMP VIEW waves AS
SELECT parameter, value::DOUBLE AS value, chosen AS taken
FROM models
WHERE parameter LIKE 'season_%'
    AND model = (SELECT model FROM models WHERE parameter LIKE 'season_%' ORDER BY chosen DESC, model LIMIT 1);
