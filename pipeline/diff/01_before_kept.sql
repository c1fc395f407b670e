-- What each person was worth by the older of two runs, whose store is attached as patron_before: discounted purchases times the
-- worth of one. worth is NULL where nothing was forecast.
-- reads customers, history.buyers, forecast.state_scores, value.worth, share.headline of patron_before   grain: person
CREATE OR REPLACE TEMP TABLE worth_before AS
SELECT c.person_id, c.value, s.discounted, w.margin_per_purchase::DOUBLE AS margin_per_purchase, c.p_alive
FROM patron_before.main.customers c
LEFT JOIN patron_before.history.buyers b USING (person)
LEFT JOIN patron_before.forecast.state_scores s ON s.frequency = b.frequency AND s.recency = b.recency AND s.age = b.age
    AND s.horizon_days = (SELECT max(horizon_days) FROM patron_before.share.headline)
LEFT JOIN patron_before.value.worth w ON w.person = b.person
WHERE c.value IS NOT NULL;
