-- reads forecast   writes value_history   grain: run × person
INSERT INTO value_history
SELECT run_id, getvariable('as_of'), getvariable('known_at'), person_id, horizon_days, p_alive, value, residual_value, model
FROM main.forecast
WHERE horizon_days = getvariable('last_horizon');
