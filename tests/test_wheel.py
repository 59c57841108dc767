"""What is built is what was written: nothing of the packages is left out of the wheel."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("build")
pytest.importorskip("hatchling")

ROOT = Path(__file__).parent.parent
PACKAGES = ("rag", "index", "corpus", "api")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every file of a freshly built wheel, by name."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [path] = folder.glob("jianbao-*.whl")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def written(package: str) -> set[str]:
    """The files of a package's folder but for what Python compiled, as names in the wheel."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_whole(wheel: dict[str, bytes], package: str) -> None:
    """The wheel holds each file of the package, modules and data alike, and no other."""
    assert {name for name in wheel if name.startswith(f"{package}/")} == written(package)


def test_the_data_files_are_in(wheel: dict[str, bytes]) -> None:
    """The sample corpus and the renames are there, byte for byte."""
    names = sorted(path.name for path in (ROOT / "corpus" / "sample").glob("*.txt"))
    assert names == ["2022-01.txt", "2025-16.txt", "2025-20.txt"]
    for name in [*(f"corpus/sample/{name}" for name in names), "corpus/renames.toml"]:
        assert wheel[name] == (ROOT / name).read_bytes()


def test_nothing_else_is_in(wheel: dict[str, bytes]) -> None:
    """Tests and tools stay out: only the four packages and the wheel's own records."""
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_the_command_and_licence_are_in(wheel: dict[str, bytes]) -> None:
    """The console script points at the command line, and the licence goes along."""
    [scripts] = [text for name, text in wheel.items() if name.endswith("entry_points.txt")]
    assert scripts.decode() == "[console_scripts]\njianbao = api.start:run\n"
    assert any(name.endswith("licenses/LICENSE") for name in wheel)
