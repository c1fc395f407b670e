"""The page of patron report: the checks of web/test, one case a file. They need Node.js and what npm brings
(script/setup --web), most of them a browser; without these they are skipped and say so."""
import json
import pathlib
import re
import shlex
import shutil
import subprocess

import pytest

from shop import ROOT, patron

WEB = ROOT / "web"
NODE = shutil.which("node") or shutil.which("node", path=str(ROOT / "third_party" / ".venv-setup" / "bin"))

needs_node = pytest.mark.skipif(not NODE or not (WEB / "node_modules" / "vite").is_dir(),
                                reason="no Node.js, or nothing in web/node_modules: script/setup --web")


def node(*words, timeout=600):
    return subprocess.run([NODE, *map(str, words)], cwd=WEB, timeout=timeout, stdin=subprocess.DEVNULL, capture_output=True,
                          encoding="utf-8", errors="replace")


@needs_node
@pytest.mark.parametrize("name", sorted(file.name.removesuffix(".test.mjs") for file in (WEB / "test").glob("*.test.mjs")))
def test_page(name):
    run = node("--test", "--test-reporter=tap", f"test/{name}.test.mjs")
    passed, skipped = (len(re.findall(pattern, run.stdout, re.M)) for pattern in (r"^ok \d+(?!.*# SKIP)", r"^ok \d+.*# SKIP (.*)"))
    assert run.returncode == 0, re.sub(r"(?s)^\s*# Subtest: [^\n]*\nok .*?\n  \.\.\.\n", "", run.stdout) + run.stderr
    if skipped and not passed:
        pytest.skip(re.search(r"# SKIP (.*)", run.stdout).group(1))
    assert passed


@needs_node
def test_every_sql_of_the_page_runs(online_retail, tmp_path):
    data = (WEB / "test" / "fixtures" / "online_retail.json").read_text(encoding="utf-8")
    page = tmp_path / "report.html"
    page.write_text((WEB / "dist" / "report.html").read_text(encoding="utf-8").replace('"__PATRON_REPORT__"', data.replace("<", "\\u003c")))
    run = node("test/statements.mjs", page)
    if run.returncode == 3:
        pytest.skip(run.stderr.strip())
    assert run.returncode == 0, run.stderr
    commands = json.loads(run.stdout)
    assert len(commands) >= 5
    for command in commands:
        words = shlex.split(command)
        assert words[:2] == ["patron", "sql"], command
        answer = patron("sql", online_retail.folder, *words[2:], "--json")
        assert answer.returncode == 0 and json.loads(answer.stdout), f"{command}\n{answer.stderr}"
