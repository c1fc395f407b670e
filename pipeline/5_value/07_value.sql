-- What each person is worth, by condition and component. So far there is one of each: what they will buy if things go on as
-- they do. It is proven where, on the untouched day of every horizon that has one, the chosen model beat the rate each had before,
-- both by log score and by order, and the ranges of repeat buyers held as `check` counts them: 8 in 10, less eight of a hundred
-- and one deviation of luck. Else it is true on average where each total, of purchases and
-- of money, was forecast within 15 % of what came, less luck.
-- reads customers, model_scores   writes value   grain: person × condition × component
CREATE OR REPLACE VIEW value AS
WITH tried AS (
    SELECT horizon_days, model, bool_or(chosen) AS chosen, max(value) FILTER (metric = 'log_score') AS log_score,
        max(value) FILTER (metric = 'ngini') AS ngini, max(value) FILTER (metric = 'pit_share') AS held,
        max(value) FILTER (metric = 'repeaters') AS repeaters, max(value) FILTER (metric = 'forecast') AS forecast,
        max(value) FILTER (metric = 'came') AS came, max(value) FILTER (metric = 'luck') AS luck,
        max(value) FILTER (metric = 'money_forecast') AS money_forecast, max(value) FILTER (metric = 'money_came') AS money_came,
        max(value) FILTER (metric = 'money_luck') AS money_luck
    FROM model_scores
    WHERE "last"
    GROUP BY horizon_days, model
), compared AS (
    SELECT coalesce(m.log_score > rule.log_score AND m.ngini > rule.ngini AND m.held + sqrt(0.16 / nullif(m.repeaters, 0)) >= 0.72, false)
            AS by_person,
        coalesce(abs(m.forecast - m.came) - m.luck <= 0.15 * m.came, false)
            AND coalesce(abs(m.money_forecast - m.money_came) - m.money_luck <= 0.15 * abs(m.money_came), true) AS on_average
    FROM tried m JOIN tried rule USING (horizon_days)
    WHERE m.chosen AND rule.model = 'same_rate'
), judged AS (
    SELECT CASE WHEN bool_and(by_person) THEN 'proven' WHEN bool_and(on_average) THEN 'average' ELSE 'not proven' END AS verdict
    FROM compared
)
SELECT run_id, person_id, 'base' AS condition, 'current' AS component, value, value_p10, value_p90,
    CASE WHEN value IS NULL THEN 'not valued' ELSE verdict END AS verdict
FROM customers, judged;
