-- The ledger by kind of cash flow, in the project's currency; with what is of nobody.
-- reads ledger   grain: kind
CREATE OR REPLACE TEMP VIEW money_by_kind AS
SELECT kind::VARCHAR AS kind, count(*)::BIGINT AS rows, shown(sum(project_amount), getvariable('minor')) AS amount
FROM ledger
GROUP BY ALL
ORDER BY abs(sum(project_amount)) DESC, kind;
