"""What the parts of script/bench share: CPU seconds and memory of a process, data that is made once, and the table of results."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATRON = pathlib.Path(os.environ.get("PATRON") or ROOT / "build" / "patron").resolve()
PROGRAMS = ROOT / "build" / "bench"
ONE_THREAD = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")


class Failed(Exception):
    """A program that is measured ended badly; what it said."""


class Run:
    """A process that has ended: what it printed, CPU seconds of all its threads, peak memory, and how long it took."""

    def __init__(self, *words, env=None):
        command = [str(w) for w in words]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
            started = time.monotonic()
            process = subprocess.Popen(command, stdout=out, stderr=error, env=env)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.wall = time.monotonic() - started
            self.cpu, self.peak_mib = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
            out.seek(0)
            error.seek(0)
            self.out = out.read().decode(errors="replace")
            if process.returncode != 0:
                said = error.read().decode(errors="replace").strip()
                raise Failed(f"{' '.join(command)}: {said[-800:] or f'ended with {process.returncode}'}")


def say(text):
    print(text, file=sys.stderr, flush=True)


def made(work, name, program, *arguments):
    """A file of simulated data: made once, by a program that gives the same bytes for the same arguments."""
    path = work / name
    if not path.exists():
        say(f"bench: making {name}")
        unfinished = path.with_stem(path.stem + ".part")
        Run(PROGRAMS / program, *arguments, unfinished)
        unfinished.rename(path)
    return path


def least(seconds):
    """The least of some runs, which the machine disturbed least, and how far the others were above it."""
    shown = f"{min(seconds):.3g}" if min(seconds) < 100 else f"{min(seconds):,.0f}"
    return f"{shown} (1 run)" if len(seconds) == 1 else f"{shown} (+{100 * (max(seconds) / min(seconds) - 1):.0f} %, {len(seconds)} runs)"


class Table:
    """Rows of what was measured. A row with a limit passes or misses; the verdicts stand at the end."""

    def __init__(self):
        self.rows, self.skipped = [], []

    def add(self, what, ours, beside="", ratio="", limit="", passes=None):
        row = (what, ours, beside, ratio, limit, "" if passes is None else "pass" if passes else "**miss**")
        self.rows.append(row)
        say("  " + " | ".join(cell for cell in row if cell))

    def skip(self, what, why):
        self.skipped.append((what, why))
        say(f"  skipped: {what}: {why}")

    def print(self):
        if self.rows:
            print("| what | CPU seconds | beside it | ratio | passes when | verdict |\n|---|---:|---|---:|---|---|")
        for row in self.rows:
            print("| " + " | ".join(row) + " |")
        judged = [row for row in self.rows if row[5]]
        missed = [row for row in judged if row[5] != "pass"]
        print()
        for what, why in self.skipped:
            print(f"skipped: {what}: {why}")
        for row in missed:
            print(f"missed: {row[0]}: {row[1]} {row[3]}; passes when {row[4]}")
        print(f"{len(judged) - len(missed)} pass, {len(missed)} miss, {len(self.skipped)} skipped")
        return not missed
