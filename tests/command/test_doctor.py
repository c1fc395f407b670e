"""patron doctor: what is wrong is found, told with its fix, and nothing is changed."""
import json
import os
import subprocess

from shop import patron


def look(shop, code, *options, **environment):
    run = patron("doctor", shop.folder, *options, **environment)
    assert run.returncode == code, f"exit {run.returncode}\n{run.stdout}{run.stderr}"
    assert run.stderr == ""
    return run.stdout


def findings(shop, code):
    said = json.loads(look(shop, code, "--json"))
    assert said["schema"] == "patron.doctor/1" and said["project"] == str(shop.folder.resolve())
    states = [finding["state"] for finding in said["findings"]]
    assert said["to_fix"] == states.count("fix") and said["to_know"] == states.count("know")
    return {finding["check"]: finding for finding in said["findings"]}


def test_a_project_in_order(built):
    before = sorted(path.name for path in (built.folder / ".patron").iterdir())
    found = findings(built, 0)
    assert {"version", "sources", "disk", "permissions", "run"} <= set(found)
    assert all(found[check]["state"] == "fine" for check in ("version", "sources", "disk", "permissions", "run"))
    assert "1 source answers" in found["sources"]["message"] and "libduckdb 1." in found["version"]["message"]
    assert found["run"]["message"].startswith("published run ") and found["run"]["message"].endswith(" old")
    assert sorted(path.name for path in (built.folder / ".patron").iterdir()) == before
    for line in look(built, 0).splitlines():
        assert len(line) <= 80 or str(built.folder) in line # a command to copy stays whole
    assert look(built, 0, LC_ALL="C", LANG="C").isascii()


def test_permissions(built):
    (built.folder / ".patron").chmod(0o755)
    found = findings(built, 1)
    assert found["permissions"]["state"] == "fix" and "read by everyone" in found["permissions"]["message"]
    said = look(built, 1)
    assert "1 to fix" in said.splitlines()[-1]
    fix = found["permissions"]["fix"]
    assert fix.startswith("chmod 700 ") and subprocess.run(fix, shell=True).returncode == 0
    assert findings(built, 0)["permissions"]["state"] == "fine"
    (built.folder / ".patron").chmod(0o750)
    assert findings(built, 0)["permissions"]["state"] == "know"


def test_a_source_that_does_not_answer(built):
    built.source("FROM 'data/gone.csv'", "second").source("SELECT nothing FROM 'data/orders.csv'", "third")
    said = json.loads(look(built, 1, "--json"))
    faults = [finding["message"] for finding in said["findings"] if finding["check"] == "sources" and finding["state"] == "fix"]
    assert len(faults) == 2 and "E209" in faults[0] and "sources/second.sql" in faults[0] and "sources/third.sql" in faults[1]
    assert any("1 of 3 sources answer" in finding["message"] for finding in said["findings"])


def test_settings_that_cannot_be_read(built):
    built.write("patron.yaml", "name: shop\ncurency: GBP\n")
    found = findings(built, 1)
    assert "E102" in found["project"]["message"] and "currency" in found["project"]["fix"]
    assert found["run"]["state"] == "fine" # what is published is looked at all the same


def test_nothing_built_yet(shop):
    found = findings(shop.ledger("a,2024-01-09,10"), 0)
    assert found["run"] == {"check": "run", "state": "know", "message": "nothing was built yet", "fix": f"patron build {shop.folder}"}


def test_files_that_changed_since(built):
    built.build() # where it lies now
    assert "inputs" not in findings(built, 0)
    built.ledger("a,2024-01-09,10", "b,2024-01-10,11")
    assert "files of the sources have changed" in findings(built, 0)["inputs"]["message"]
    built.build()
    built.source("SELECT * FROM 'data/orders.csv'")
    assert "a SELECT" in findings(built, 0)["inputs"]["message"]


def test_a_published_file_that_is_gone_or_broken(built):
    store = (built.folder / ".patron" / "store.duckdb").resolve()
    content = store.read_bytes()
    store.chmod(0o644)
    store.write_bytes(content[:5000])
    broken = findings(built, 1)["run"]
    assert "cannot be read" in broken["message"] and broken["fix"].startswith("mv ")
    assert broken["fix"].endswith(f" && patron build {built.folder}")
    subprocess.run(broken["fix"].split(" && ")[0], shell=True, check=True)
    built.build() # the fix
    assert findings(built, 0)["run"]["state"] == "fine"
    (built.folder / ".patron" / "store.duckdb").resolve().unlink()
    assert "are gone" in findings(built, 1)["run"]["message"]
    built.build() # the fix
    assert findings(built, 0)["run"]["state"] == "fine"


def test_a_build_that_was_stopped(built):
    (built.folder / ".patron" / "building.duckdb").write_bytes(b"x" * 1000000)
    assert "stopped midway and left 1 MB" in findings(built, 0)["building"]["message"]


def test_a_build_that_runs(built):
    """Any process that has the lock open counts, and the build is not disturbed."""
    lock = built.folder / ".patron" / "lock"
    with open(lock, "w") as file:
        file.write(f"process {os.getpid()}")
        file.flush()
        (built.folder / ".patron" / "building.duckdb").write_bytes(b"x")
        assert findings(built, 0)["building"]["message"] == f"a build is running: process {os.getpid()}"
    assert "stopped midway" in findings(built, 0)["building"]["message"] # the process lives, but is another's now
    gone = subprocess.Popen(["true"])
    gone.wait()
    lock.write_text(f"process {gone.pid}")
    assert "stopped midway" in findings(built, 0)["building"]["message"]


def test_without_a_project(tmp_path):
    run = patron("doctor", cwd=tmp_path)
    assert run.returncode == 0 and "no project in this folder" in run.stdout and "patron new FILE" in run.stdout
    run = patron("doctor", tmp_path)
    assert run.returncode == 1 and "E504" in run.stderr and "patron new FILE" in run.stderr
