"""``jianbao backup``, ``restore``, ``verify`` and ``gc`` as a user runs them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from api.cli import main

Shown = pytest.CaptureFixture[str]


def test_backup_and_restore(filled: Path, home: Path, capsys: Shown) -> None:
    """What was taken out is there again after restoring; without --yes it is asked for first."""
    target = home / "备份.db"
    assert main(["backup", str(target)]) == 0
    assert f"已备份到 {target}（" in capsys.readouterr().out
    assert main(["list"]) == 0
    listed = capsys.readouterr().out
    assert main(["remove", next(word for word in listed.split() if word.startswith("2022-01-"))]) == 0
    assert main(["restore", "--yes", str(target)]) == 0
    capsys.readouterr()
    assert main(["list"]) == 0
    assert capsys.readouterr().out == listed


def test_verify_tells_what_it_looked_at(filled: Path, capsys: Shown) -> None:
    """A good library: counts and 没有问题, exit code 0; a damaged one: the fault, exit code 1."""
    assert main(["verify"]) == 0
    assert "已检查 3 份文件、55 段、" in capsys.readouterr().out
    [path] = filled.rglob("library.sqlite3")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE passages SET text = '别的话' WHERE number = 3")
    assert main(["verify"]) == 1
    shown = capsys.readouterr().out
    assert "有问题　" in shown
    assert "有 1 处问题。" in shown


def test_gc_tells_what_it_freed(filled: Path, capsys: Shown) -> None:
    """Nothing was replaced, so nothing is thrown away."""
    assert main(["gc"]) == 0
    assert "清掉 0 个旧版本" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["verify"], ["gc"], ["backup", "x.db"]])
def test_without_a_library(home: Path, capsys: Shown, command: list[str]) -> None:
    """It is said what to do first; exit code 1."""
    assert main(command) == 1
    assert "还没有资料库" in capsys.readouterr().err
