"""A small project in a folder of its own, and the patron command run on it."""
import json
import os
import pathlib
import subprocess
from decimal import Decimal

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATRON = pathlib.Path(os.environ.get("PATRON") or ROOT / "build" / "patron").resolve()

ORDERS = "-- stream: ledger\nFROM 'data/orders.csv'\n"


def patron(*words, cwd=None, timeout=60, **environment):
    """Runs the command; gives its exit code and what it wrote (.returncode, .stdout, .stderr)."""
    return subprocess.run([PATRON, *map(str, words)], cwd=cwd, timeout=timeout, stdin=subprocess.DEVNULL,
                          capture_output=True, encoding="utf-8", errors="replace",
                          env={**os.environ, "LC_ALL": "C.UTF-8", "NO_COLOR": "1", **environment})


class Shop:
    """A project folder: patron.yaml, sources/, data/."""

    def __init__(self, folder, yaml=""):
        self.folder = pathlib.Path(folder)
        if yaml is not None:
            self.write("patron.yaml", "name: shop\n" + ("" if "currency:" in yaml else "currency: GBP\n") + yaml)

    def write(self, path, content):
        """Text or bytes, into a file of the project; folders are made."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self

    def ledger(self, *lines, header="customer,occurred_at,amount", file="data/orders.csv"):
        """A CSV of cash flows and, as data/orders.csv, the source that reads it as it stands."""
        if not (self.folder / "sources" / "orders.sql").exists():
            self.source(ORDERS)
        return self.write(file, "\n".join([header, *lines, ""]))

    def source(self, sql, name="orders"):
        return self.write(f"sources/{name}.sql", sql if sql.startswith("-- stream") else "-- stream: ledger\n" + sql)

    def build(self, *options):
        """The JSON of a build that must succeed."""
        run = patron("build", self.folder, "--json", *options)
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    def refuses(self, *options, code=1):
        """What stderr says of a build that must fail."""
        run = patron("build", self.folder, *options)
        assert run.returncode == code, f"exit {run.returncode}\n{run.stdout}{run.stderr}"
        assert run.stdout == ""
        return run.stderr

    def rows(self, sql):
        """The rows of a SELECT as dictionaries; decimals are exact."""
        run = patron("sql", self.folder, sql, "--json")
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout, parse_float=Decimal)

    def column(self, sql):
        """The first column of a SELECT as a list."""
        return [next(iter(row.values())) for row in self.rows(sql)]

    def value(self, sql):
        """The only value of a SELECT."""
        values = self.column(sql)
        assert len(values) == 1, values
        return values[0]

    def quarantine(self):
        """(row, code, column) of every row in quarantine, in order."""
        return [(row["source_row"], row["code"], row["column_name"])
                for row in self.rows("FROM quarantine ORDER BY source, file, source_row")]

    def published(self):
        """Names of what stands in .patron."""
        state = self.folder / ".patron"
        return sorted(path.name for path in state.iterdir()) if state.is_dir() else []
