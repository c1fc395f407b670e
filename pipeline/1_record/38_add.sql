-- Keys that gain rows, or whose rows may have been set aside.
-- reads reading   writes touched   grain: key
INSERT INTO touched SELECT DISTINCT key FROM reading WHERE key IS NOT NULL AND fault IS NULL;
