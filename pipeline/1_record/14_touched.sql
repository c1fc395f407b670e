-- Keys whose cash flows this build adds, takes away or replaces: what follows is computed again for them alone.
-- writes touched   grain: key
CREATE OR REPLACE TEMP TABLE touched (key VARCHAR);
