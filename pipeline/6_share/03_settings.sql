-- What patron.yaml said when these tables were made, without what it says of databases; value is NULL where it said nothing.
-- writes share.settings   grain: setting
CREATE OR REPLACE TABLE share.settings (setting VARCHAR, value VARCHAR);
