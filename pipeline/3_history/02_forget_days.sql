-- reads touched, identify.persons   changes history.purchase_days
DELETE FROM history.purchase_days
WHERE getvariable('all_touched') OR person IN (SELECT person FROM identify.persons SEMI JOIN touched USING (key));
