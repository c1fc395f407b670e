-- Everything that happened between each person and the company, from every stream. A view: the ledger is stored once.
-- reads ledger   writes timeline   grain: event
CREATE OR REPLACE VIEW timeline AS
SELECT run_id, person_id, occurred_at, 'ledger' AS stream, kind::VARCHAR AS kind, channel, amount,
    nullif(concat_ws(' × ', nullif(format('{:.15g}', quantity::DOUBLE), '1'), product), '') AS what, source, source_row,
    currency, order_id, extra
FROM ledger
WHERE person_id IS NOT NULL;
