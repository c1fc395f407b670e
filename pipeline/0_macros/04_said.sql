-- A value as it was given, NULL when that is nothing. Called where a row is found wanting only: text of every value of
-- every row would cost more than all the typing.
CREATE OR REPLACE TEMP MACRO said(x) AS nullif(trim(x::VARCHAR), '');
