"""What the packages import is what pyproject.toml declares: nothing is there only because something else brought it."""

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PACKAGES = ("rag", "index", "corpus", "api")


def _imported(path: Path) -> set[str]:
    """Top-level names of the modules that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def _declared() -> set[str]:
    """Names of the distributions that an installation without extras asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}


def test_every_import_is_of_a_declared_dependency() -> None:
    """Each module outside the standard library comes from a distribution in `dependencies`."""
    providers, declared = packages_distributions(), _declared()
    imported = {
        name for package in PACKAGES for path in (ROOT / package).rglob("*.py") for name in _imported(path)
    }
    foreign = imported - sys.stdlib_module_names - set(PACKAGES)
    undeclared = {
        name
        for name in foreign
        if not declared & {canonicalize_name(provider) for provider in providers.get(name, [])}
    }
    assert undeclared == set()
