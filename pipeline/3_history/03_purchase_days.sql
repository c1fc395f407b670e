-- reads ledger, touched, identify.persons   writes history.purchase_days   grain: person who ever bought
INSERT INTO history.purchase_days
SELECT person, purchase_days(occurred_at::DATE) AS days
FROM ledger
WHERE person IS NOT NULL AND kind = 'sale' AND amount > 0
    AND (getvariable('all_touched') OR person IN (SELECT person FROM identify.persons SEMI JOIN touched USING (key)))
GROUP BY person;
