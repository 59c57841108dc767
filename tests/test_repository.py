"""The house rules that a program can check."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("rag", "index", "corpus", "api")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").glob("test_*.py"))
LONGEST_MODULE = 300


def test_modules_are_short() -> None:
    """No module has more than 300 lines."""
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in MODULES
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_tests_say_what_must_hold() -> None:
    """Every test has a docstring."""
    silent = [
        f"{path.name}::{node.name}"
        for path in TESTS
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_tests_are_flat() -> None:
    """No package of tests shadows one of ours."""
    assert [path.name for path in (ROOT / "tests").rglob("__init__.py")] == []


def test_imports_go_one_way() -> None:
    """api imports rag, rag imports index, index imports corpus; never the other way round."""
    pytest.importorskip("importlinter")
    # --no-cache: the test leaves nothing behind in the checkout.
    program = (
        "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_constraints_pin_what_is_needed() -> None:
    """Each requirement has an exact version in constraints.txt: no local build, no path, no host."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").split("\n")
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9][\w.-]*==\d[\w.]*", pin)] == []
    pinned = {_plain(pin.split("==")[0]) for pin in pins}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(r for extra in project["optional-dependencies"].values() for r in extra),
    ]
    names = {_plain(re.match(r"[\w.-]+", requirement)[0]) for requirement in wanted}  # type: ignore[index]
    assert names - pinned == set()
    assert "torch==2.13.0" in pins


def test_makefile_runs_what_readers_are_told() -> None:
    """The targets that the README names exist."""
    make = shutil.which("make")
    if make is None:
        pytest.skip("make isn't installed")
    for target in ("demo", "test", "check", "clean"):
        done = subprocess.run([make, "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
