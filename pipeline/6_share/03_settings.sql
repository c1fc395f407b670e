-- What patron.yaml, the command and the SELECTs said when these tables were made, without where databases are; value is NULL where
-- nothing was said. A SELECT is known by its hash. The last row of runs will have the same.
-- writes share.settings   grain: setting
CREATE OR REPLACE TABLE share.settings (setting VARCHAR, value VARCHAR);
