"""The public headers stand alone in strict C11 and C++, and the library exports nothing but patron_ names."""
import os
import pathlib
import shutil
import subprocess

import pytest

from shop import PATRON, ROOT

INCLUDE = ROOT / "include"
HEADERS = sorted(str(header.relative_to(INCLUDE)) for header in INCLUDE.rglob("*.h"))
STRICT = "-pedantic -Wall -Wextra -Wshadow -Wconversion -Werror".split()


def compiler(name):
    found = os.environ.get(name.upper()) or shutil.which({"cc": "cc", "cxx": "c++"}[name])
    if not found:
        pytest.skip(f"no {name} here")
    return found


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("language, options", [("cc", ["-xc", "-std=c11", "-Wstrict-prototypes"]), ("cxx", ["-xc++", "-std=c++17"])])
def test_a_header_stands_alone(header, language, options):
    run = subprocess.run([compiler(language), *options, *STRICT, f"-I{INCLUDE}", "-fsyntax-only", "-"], input=f'#include "{header}"\n#include "{header}"\n',
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_patron_h_brings_in_all_others():
    said = (INCLUDE / "patron.h").read_text()
    assert all(f'#include "{header}"' in said for header in HEADERS if header != "patron.h")


def test_the_library_exports_only_its_own_names_and_all_it_declares(tmp_path):
    library = PATRON.parent / "libpatron.so"
    if not shutil.which("nm") or not library.exists():
        pytest.skip("no nm, or no libpatron.so beside patron")
    listed = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    names = {line.split()[-1] for line in listed.splitlines()}
    assert names and all(name.startswith("patron_") for name in names)
    for name, suffix in ("cc", "c"), ("cxx", "cpp"):
        program = tmp_path / f"uses.{suffix}"
        program.write_text('#include "patron.h"\n#include <stdio.h>\nint main(void)\n{\n    puts(patron_model_describe(patron_model_at(0))->name);\n}\n')
        subprocess.run([compiler(name), program, f"-I{INCLUDE}", f"-L{library.parent}", "-lpatron", f"-Wl,-rpath,{library.parent}", "-o", tmp_path / name],
                       check=True)
        assert subprocess.run([tmp_path / name], capture_output=True, text=True, check=True).stdout == "pareto_nbd\n"
