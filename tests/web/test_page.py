"""The page of patron report: the checks of web/test, one case a file. They need Node.js and what npm brings
(script/setup --web), most of them a browser; without these they are skipped and say so."""
import json
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


def opened(project, tmp_path, *options):
    """What the report of a project says in a browser, and what it offers, asks and complains of."""
    page = tmp_path / "report.html"
    written = patron("report", project.folder, "--out", page, *options)
    assert written.returncode == 0, written.stderr
    run = node("test/open_report.mjs", page)
    if run.returncode == 3:
        pytest.skip(run.stderr.strip())
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found["complaints"] == [] and found["requests"] == []
    assert not re.search(r"undefined|NaN|\[object|Infinity|\bnull\b", found["text"])
    return found


@needs_node
def test_every_command_of_the_page_runs(online_retail, tmp_path):
    found = opened(online_retail, tmp_path)
    assert len(found["commands"]) >= 8
    for command in found["commands"]:
        words = shlex.split(command)
        assert words[0] == "patron" and words[1] in ("sql", "show"), command
        answer = patron(words[1], online_retail.folder, *words[2:], "--json")
        assert answer.returncode == 0 and json.loads(answer.stdout), f"{command}\n{answer.stderr}"


@needs_node
def test_the_page_says_what_the_build_said(online_retail, tmp_path):
    """The same range in the terminal and on the page."""
    said = patron("check", online_retail.folder).stdout
    low, high = re.search(r"the next year brings (\S+) to (\S+);", " ".join(said.split())).groups()
    assert f"bring {low} to {high} in the next 12 months" in " ".join(opened(online_retail, tmp_path)["text"].split())


@needs_node
def test_a_shop_of_one_sale(built, tmp_path):
    assert "not known yet" in opened(built, tmp_path)["text"]


@needs_node
def test_a_small_shop(shop, tmp_path):
    shop.ledger(*(f"c{i},2024-{1 + (i * 5 + n * 3) % 9:02}-{1 + (i * 7 + n * 11) % 28:02},{20 + i}.50" for i in range(31) for n in range(1 + i % 4)))
    shop.build()
    text = opened(shop, tmp_path)["text"]
    assert "31" in text and "8 in 10" in text
