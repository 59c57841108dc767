"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.errors import SettingsError
from api.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No JIANBAO_ variable of the machine reaches a test."""
    import os

    for name in [name for name in os.environ if name.upper().startswith("JIANBAO_")]:
        monkeypatch.delenv(name)


def test_defaults() -> None:
    """Without any variable the service is local and the model the bundled one."""
    settings = read_settings()
    assert (settings.host, settings.port, settings.model) == ("127.0.0.1", 8000, "bundled")
    assert settings.data.name == "jianbao"
    assert settings.query_prompt is None


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A variable sets the field of its name; an empty one counts as unset; ~ is the home folder."""
    monkeypatch.setenv("JIANBAO_DATA", "~/简报")
    monkeypatch.setenv("JIANBAO_CACHE", str(tmp_path))
    monkeypatch.setenv("JIANBAO_THREADS", "2")
    monkeypatch.setenv("JIANBAO_MODEL", "")
    settings = read_settings()
    assert settings.data == Path.home() / "简报"
    assert (settings.cache, settings.threads, settings.model) == (tmp_path, 2, "bundled")


def test_limits_of_parsing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Seconds and bytes reach every worker that reads files."""
    from fakes import HashEmbedder

    from api.wiring import assemble

    monkeypatch.setenv("JIANBAO_TIME_LIMIT", "12.5")
    monkeypatch.setenv("JIANBAO_PAGE_LIMIT", "200")
    monkeypatch.setenv("JIANBAO_MEMORY_LIMIT", str(2**30))
    monkeypatch.setenv("JIANBAO_DATA", str(tmp_path))
    made: list[dict[str, object]] = []

    class Worker:
        def __init__(self, gazetteer: object, **limits: object) -> None:
            made.append({name: limits[name] for name in ("time_limit", "page_limit", "memory_limit")})

        def close(self) -> None:
            pass

    monkeypatch.setattr("api.wiring.ParsingWorker", Worker)
    assemble(read_settings(), HashEmbedder(), print).close()
    assert made == [{"time_limit": 12.5, "page_limit": 200.0, "memory_limit": 2**30}] * 2


def test_the_chat_model_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is kept as a secret that no print or dump shows; other parameters are JSON."""
    monkeypatch.setenv("JIANBAO_COMPOSER", "openai")
    monkeypatch.setenv("JIANBAO_CHAT_URL", "http://127.0.0.1:11434/v1")
    monkeypatch.setenv("JIANBAO_CHAT_MODEL", "qwen3:8b")
    monkeypatch.setenv("JIANBAO_CHAT_KEY", "sk-gehe1m")
    monkeypatch.setenv("JIANBAO_CHAT_EXTRA", '{"top_p": 0.9, "temperature": null}')
    settings = read_settings()
    assert settings.chat_extra == {"top_p": 0.9, "temperature": None}
    assert settings.chat_key is not None
    assert settings.chat_key.get_secret_value() == "sk-gehe1m"
    assert "gehe1m" not in f"{settings!r}{settings}{settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("set_up", "message"),
    [
        (
            {"COMPOSER": "openai"},
            "JIANBAO_COMPOSER 是 openai，还要设置 JIANBAO_CHAT_URL、JIANBAO_CHAT_MODEL。",
        ),
        ({"COMPOSER": "transformers"}, "JIANBAO_COMPOSER 是 transformers，还要设置 JIANBAO_CHAT_MODEL。"),
        (
            {"COMPOSER": "gpt"},
            "环境变量 JIANBAO_COMPOSER：应为 'none'、'openai'、'transformers' 之一，实为 'gpt'。",
        ),
        ({"CHAT_URL": "localhost:11434"}, "环境变量 JIANBAO_CHAT_URL：应为 http:// 或 https:// 开头的地址。"),
        (
            {"CHAT_URL": "http://a:b@c/v1"},
            "环境变量 JIANBAO_CHAT_URL：地址里不能带用户名和密码，密钥请放在 JIANBAO_CHAT_KEY。",
        ),
        ({"CHAT_KEY": "sk-秘密"}, "环境变量 JIANBAO_CHAT_KEY：密钥里只能有英文字母、数字和符号"),
        ({"CHAT_EXTRA": "{"}, "环境变量 JIANBAO_CHAT_EXTRA：应为 JSON 对象，实为 '{'。"),
        ({"CHAT_EXTRA": "[1]"}, "环境变量 JIANBAO_CHAT_EXTRA：应为 JSON 对象，实为列表。"),
        ({"CHAT_TOKENS": "0"}, "环境变量 JIANBAO_CHAT_TOKENS：应不小于 16，实为 '0'。"),
    ],
)
def test_a_chat_model_that_is_set_up_wrongly(
    monkeypatch: pytest.MonkeyPatch, set_up: dict[str, str], message: str
) -> None:
    """What a composer needs and what a value must be is told before anything starts."""
    for name, value in set_up.items():
        monkeypatch.setenv(f"JIANBAO_{name}", value)
    with pytest.raises(SettingsError) as error:
        read_settings()
    assert str(error.value).startswith(message)
    assert "sk-秘密" not in str(error.value)


def test_a_folder_that_is_no_chat_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without a model in it is told when the service starts, not at the first question."""
    from api.wiring import open_chat
    from rag.errors import ChatModelError

    monkeypatch.setenv("JIANBAO_COMPOSER", "transformers")
    monkeypatch.setenv("JIANBAO_CHAT_MODEL", str(tmp_path))
    with pytest.raises(ChatModelError, match=r"里面没有 config\.json"):
        open_chat(read_settings())


def test_every_setting_is_explained() -> None:
    """The list of settings for users has each variable with its description and default."""
    text = (Path(__file__).parent.parent / "docs" / "settings.md").read_text("utf-8")
    for name, field in Settings.model_fields.items():
        assert f"| `JIANBAO_{name.upper()}` | {field.description} |" in text


def test_nothing_is_guessed_from_the_prefix_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is like no other but for the prefix is named without a guess."""
    monkeypatch.setenv("JIANBAO_DATA_DIRECTORY", "x")
    with pytest.raises(SettingsError, match="不认得环境变量 JIANBAO_DATA_DIRECTORY。可用的有："):
        read_settings()


@pytest.mark.parametrize("name", ["JIANBAO_MODLE", "jianbao_model"])
def test_unknown_variables_are_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A misspelt variable is named, with the one that was meant and all known ones."""
    monkeypatch.setenv(name, "bundled")
    with pytest.raises(SettingsError) as error:
        read_settings()
    assert str(error.value).startswith(
        f"不认得环境变量 {name}。是不是 JIANBAO_MODEL？可用的有：JIANBAO_DATA、"
    )


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("JIANBAO_PORT", "eight", "环境变量 JIANBAO_PORT：应为整数，实为 'eight'。"),
        ("JIANBAO_PORT", "70000", "环境变量 JIANBAO_PORT：应不大于 65535，实为 '70000'。"),
        ("JIANBAO_MEMORY_LIMIT", "1", "环境变量 JIANBAO_MEMORY_LIMIT：应不小于 268435456，实为 '1'。"),
        ("JIANBAO_THREADS", "0", "环境变量 JIANBAO_THREADS：应不小于 1，实为 '0'。"),
        (
            "JIANBAO_LOG_LEVEL",
            "loud",
            "环境变量 JIANBAO_LOG_LEVEL：应为 'debug'、'info'、'warning'、'error'、'critical' 之一，实为 'loud'。",
        ),
    ],
)
def test_wrong_values_are_explained(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    """A wrong value is told with the variable, what was expected and what was found."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        read_settings()
    assert str(error.value) == message
