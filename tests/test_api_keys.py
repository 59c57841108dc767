"""Keys: made, found, revoked, and never lost or told."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from processes import ROOT, environment

from api.cli import main
from api.errors import KeyFileError, KeyNameError, KeyNotFoundError
from api.keys import KeyFile

Shown = pytest.CaptureFixture[str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    for name in [name for name in os.environ if name.upper().startswith("JIANBAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("JIANBAO_DATA", str(tmp_path))
    return tmp_path


def test_a_key_is_found_until_it_is_revoked(tmp_path: Path) -> None:
    """The secret, and no other, finds its key; once revoked it doesn't, in another process's view either."""
    keys, others = KeyFile(tmp_path), KeyFile(tmp_path)
    reader, secret = keys.add("reader", "张三")
    editor, other_secret = keys.add("editor", rate_limit=60, largest_request=1000)
    assert others.find(secret) == reader
    assert others.find(other_secret) == editor
    assert (editor.name, editor.rate_limit, editor.largest_request) == (editor.id, 60, 1000)
    for wrong in ("", secret[:-1], secret + "x", secret.upper(), reader.sha256, "jb_\ud800"):
        assert others.find(wrong) is None
    assert keys.revoke("张三") == reader
    assert others.find(secret) is None
    assert others.keys() == (editor,)
    keys.revoke(editor.id)
    assert others.keys() == ()
    with pytest.raises(KeyNotFoundError, match="没有编号或名字为“张三”的密钥"):
        keys.revoke("张三")


def test_only_the_digest_is_stored_and_only_the_owner_may_read_it(tmp_path: Path) -> None:
    """The file holds the SHA-256 and not the secret, which has 256 random bits; its mode is 0600."""
    key, secret = KeyFile(tmp_path).add("reader")
    assert re.fullmatch(r"jb_[A-Za-z0-9_-]{43}", secret)
    text = (tmp_path / "keys.json").read_text("utf-8")
    assert secret not in text
    assert json.loads(text)[0]["sha256"] == key.sha256 == hashlib.sha256(secret.encode()).hexdigest()
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_a_name_is_given_once(tmp_path: Path) -> None:
    """Two keys can't have the same name, nor one the id of another: a revocation must know which is meant."""
    keys = KeyFile(tmp_path)
    key, _ = keys.add("reader", " 张三 ")
    for name in ("张三", key.id):
        with pytest.raises(KeyNameError, match="请换一个名字"):
            keys.add("editor", name)
    assert keys.keys() == (key,)


def test_a_damaged_file_lets_nobody_in(tmp_path: Path) -> None:
    """A file that can't be understood is an error, not an empty list."""
    keys = KeyFile(tmp_path)
    _, secret = keys.add("reader")
    for content in (b"", b"{}", b'[{"id": "x"}]', b"\xff"):
        (tmp_path / "keys.json").write_bytes(content)
        with pytest.raises(KeyFileError, match="已损坏"):
            keys.find(secret)
        with pytest.raises(KeyFileError):
            keys.add("editor")


def test_two_processes_lose_no_key(tmp_path: Path) -> None:
    """Keys that are added at the same time are all kept."""
    threads = [
        threading.Thread(target=lambda: [KeyFile(tmp_path).add("reader") for _ in range(5)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    added = KeyFile(tmp_path).keys()
    assert len({key.id for key in added}) == 20


ADD_FOR_EVER = """
import sys
from pathlib import Path
from api.keys import KeyFile
keys = KeyFile(Path(sys.argv[1]))
while True:
    print(keys.add("reader")[1], flush=True)
"""


def test_kill_loses_no_key(tmp_path: Path) -> None:
    """After kill -9 at any moment every key that was told is known, and the file is whole."""
    told: list[str] = []
    for number in range(3):
        command = [sys.executable, "-c", ADD_FOR_EVER, str(tmp_path)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=environment(), cwd=ROOT
        ) as process:
            assert process.stdout is not None
            for _ in range(3):
                told.append(process.stdout.readline().strip())
            threading.Event().wait(0.002 * number)
            process.kill()
            told += process.stdout.read().split()
        keys = KeyFile(tmp_path)
        assert all(keys.find(secret) for secret in told)
    keys.add("editor", "之后")
    assert keys.keys()[-1].name == "之后"


def test_keys_on_the_command_line(home: Path, capsys: Shown) -> None:
    """The secret alone is on stdout, once; the list shows it no more; a revoked key is gone."""
    assert main(["keys", "list"]) == 0
    assert capsys.readouterr().err.startswith("还没有密钥。")
    assert main(["keys", "add", "--role", "reader", "--name", "张三", "--rate-limit", "60"]) == 0
    told = capsys.readouterr()
    secret = told.out.strip()
    key = KeyFile(home).find(secret)
    assert key
    assert (key.name, key.role, key.rate_limit) == ("张三", "reader", 60)
    assert "只显示这一次" in told.err
    assert main(["keys", "list"]) == 0
    [row] = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert (*row[:3], row[4]) == (key.id, "reader", "张三", "每分钟 60 个请求")
    assert main(["keys", "revoke", "张三"]) == 0
    assert capsys.readouterr().out == f"已撤销密钥 张三（编号 {key.id}）。\n"
    assert main(["keys", "revoke", "张三"]) == 1
    assert main(["keys", "add", "--role", "boss"]) == 2
    assert capsys.readouterr().err.endswith(
        "--role 应为 'reader', 'editor' 之一，实为 'boss'。\n用法见 jianbao keys add --help\n"
    )
