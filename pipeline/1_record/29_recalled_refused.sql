-- changes record.refused
DELETE FROM record.refused WHERE source = getvariable('source') AND fault IS NULL;
