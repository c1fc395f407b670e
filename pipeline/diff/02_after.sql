-- What each person is worth by the newer of two runs.
-- reads customers, history.buyers, forecast.state_scores, value.worth, share.headline   grain: person
CREATE OR REPLACE TEMP TABLE worth_after AS
SELECT c.person_id, c.value, s.discounted, w.margin_per_purchase::DOUBLE AS margin_per_purchase, c.p_alive
FROM customers c
LEFT JOIN history.buyers b USING (person)
LEFT JOIN forecast.state_scores s ON s.frequency = b.frequency AND s.recency = b.recency AND s.age = b.age
    AND s.horizon_days = (SELECT max(horizon_days) FROM share.headline)
LEFT JOIN value.worth w ON w.person = b.person
WHERE c.value IS NOT NULL;
