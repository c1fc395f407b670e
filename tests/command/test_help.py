"""patron help, the manual page, completion: all from the one table of verbs; wrong words get the nearest."""
import re
import shutil
import subprocess

import pytest

from shop import patron

VERBS = re.findall(r"^ {2}(?:\w+ +|\s+)(\w+) {2,}\S", patron("help").stdout, re.M)


def options_of(verb):
    return re.findall(r"^ {4}(-{1,2}[\w-]+)", patron(verb, "--help").stdout, re.M)


def test_help_lists_every_verb_and_each_explains_itself():
    assert {"build", "show", "check", "diff", "sql", "help", "completion"} <= set(VERBS)
    for verb in VERBS:
        said = patron(verb, "--help").stdout
        assert said.startswith(f"{verb}: ") and f"patron {verb}" in said
        assert said == patron("help", verb).stdout
        assert max(map(len, said.splitlines())) <= 80


def test_the_manual_has_every_verb_and_option():
    page = patron("help", "--man")
    assert page.returncode == 0 and page.stdout.startswith(".TH PATRON 1")
    for verb in VERBS:
        assert f".SS {verb.upper()}\n" in page.stdout
        for option in options_of(verb):
            assert "\\fB" + option.replace("-", "\\-") + "\\fR" in page.stdout


@pytest.mark.skipif(not shutil.which("groff"), reason="needs groff")
def test_the_manual_is_roff_without_warnings():
    page = patron("help", "--man").stdout
    run = subprocess.run(["groff", "-man", "-Kutf8", "-Tutf8", "-ww"], input=page, capture_output=True, text=True, check=False)
    assert run.returncode == 0 and run.stderr == ""
    assert "patron build" in re.sub(r"\x1b\[\d*m|.\x08", "", run.stdout)


def complete(*words):
    """What bash offers for the last of the words."""
    script = 'source <("$0" completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _patron; printf "%s\\n" "${COMPREPLY[@]}"'
    from shop import PATRON
    run = subprocess.run(["bash", "-c", script, PATRON, "patron", *words], capture_output=True, text=True, check=True)
    assert run.stderr == ""
    return [line for line in run.stdout.splitlines() if line]


def test_bash_completes_verbs_options_and_choices():
    assert set(complete("")) == {*VERBS, "--help", "--version"}
    assert complete("bu") == ["build"]
    for verb in VERBS:
        assert set(complete(verb, "-")) == {*options_of(verb), "--help"}
    assert complete("build", "--from", "") == ["record", "identify", "history", "forecast", "value", "share"]
    assert complete("build", "--from", "h") == ["history"]
    assert complete("reconcile", "--by", "m") == ["month"]
    assert complete("completion", "") == ["bash", "zsh", "fish"]
    assert "streams" in complete("help", "")
    assert complete("build", "--as-of", "") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_every_verb_and_option(shell):
    run = patron("completion", shell)
    assert run.returncode == 0
    for verb in VERBS:
        assert re.search(rf"\b{verb}\b", run.stdout)
        for option in options_of(verb):
            assert (option.lstrip("-") if shell == "fish" else option) in run.stdout
    if shutil.which(shell):
        assert subprocess.run([shell, "-n"], input=run.stdout, capture_output=True, text=True, check=False).returncode == 0


@pytest.mark.parametrize("words, near", [
    (["biuld"], "build"), (["help", "shwo"], "show"), (["help", "strems"], "streams"), (["help", "streams", "ledgr"], "ledger"),
    (["build", "--form", "x"], "--from"), (["build", "--from", "recrod"], "record"), (["reconcile", "--by", "mnth"], "month"),
    (["completion", "fishh"], "fish"), (["show", "x", "--why", "valeu"], "value"), (["diff", "--jsn"], "--json")])
def test_a_wrong_word_gets_the_nearest(words, near):
    run = patron(*words)
    assert run.returncode == 2 and run.stdout == "" and f'did you mean "{near}"?' in run.stderr


def test_an_option_with_choices_names_them():
    said = patron("build", "--from", "nothing-like-it").stderr
    assert "--from is record, identify, history, forecast, value or share" in said
    assert "--from needs record, identify, history, forecast, value or share\n" in patron("build", "--from").stderr
    assert "--why needs identity or value, or several: identity,value\n" in patron("show", "12", "--why").stderr
