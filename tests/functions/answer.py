"""Answers questions in SQL with patron.duckdb_extension loaded: JSON in, JSON out. test_extension.py runs it in each DuckDB.

In:  {"extension": path, "questions": {name: SELECT}}
Out: {"version": "1.5.5", "answers": {name: {"rows": [[...], ...]} or {"error": text}}}
"""
import datetime
import json
import sys

import duckdb

asked = json.load(sys.stdin)
connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
connection.execute("LOAD '" + asked["extension"].replace("'", "''") + "'")


def answer(sql):
    try:
        return {"rows": connection.execute(sql).fetchall()}
    except duckdb.Error as error:
        return {"error": str(error)}


def plain(value):
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in JSON: cast it in the SELECT")


answers = {name: answer(sql) for name, sql in asked["questions"].items()}
json.dump({"version": duckdb.__version__, "answers": answers}, sys.stdout, default=plain, allow_nan=False)
