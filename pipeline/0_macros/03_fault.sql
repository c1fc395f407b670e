-- What is wrong with a row: a code, the column, the value as it was given, and what was expected.
CREATE OR REPLACE TEMP MACRO fault(code, column_name, value, reason) AS {
    'code': code, 'column_name': column_name, 'value': left(value, 200), 'reason': reason
};
