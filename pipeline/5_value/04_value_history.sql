-- What every build said each person is worth: the books remember it.
-- writes value_history   grain: run × person
CREATE TABLE IF NOT EXISTS value_history (
    run_id VARCHAR, as_of DATE, known_at TIMESTAMP, person_id VARCHAR, horizon_days INTEGER, p_alive DOUBLE, value money,
    residual_value money, model VARCHAR
);
