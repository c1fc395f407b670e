-- Returns of customers with new rows are paired anew; those of nobody are few and always are.
-- reads touched   changes returns
DELETE FROM returns WHERE getvariable('all_touched') OR key IS NULL OR key IN (SELECT key FROM touched);
