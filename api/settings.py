"""The one place that reads the environment: JIANBAO_… variables, unknown ones refused."""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.errors import SettingsError
from api.messages import explain
from corpus.load import LARGEST_FILE

PREFIX = "JIANBAO_"

_LARGEST_BLOB = 10**9
"""Bytes. SQLite keeps no more in one place (SQLITE_MAX_LENGTH)."""
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:]+")


def _listed(value: object) -> object:
    """``"a, b"`` as a tuple, in small letters."""
    if isinstance(value, str):
        return tuple(part.strip().lower() for part in value.split(",") if part.strip())
    return value


def _origins(value: tuple[str, ...]) -> tuple[str, ...]:
    if wrong := [origin for origin in value if not _ORIGIN.fullmatch(origin)]:
        raise ValueError(
            f"应为网页的来源，写作 https://主机 或 http://主机:端口，多个用逗号隔开，实为 {wrong[0]!r}"
        )
    return value


def _hosts(value: tuple[str, ...]) -> tuple[str, ...]:
    if wrong := [host for host in value if not _HOST.fullmatch(host)]:
        raise ValueError(f"应为主机名或 IP 地址，不带端口，多个用逗号隔开，实为 {wrong[0]!r}")
    return value


Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_origins)]
Hosts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_hosts)]


def _web_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
        raise ValueError(f"应为网址，写作 https://主机 或 http://主机:端口，实为 {value!r}")
    return value.rstrip("/")


LogFormat = Literal["auto", "json", "text"]


def _json_object(value: object) -> object:
    """What stands in a variable as JSON. Raises ValueError, which pydantic passes on."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise ValueError(f"应为 JSON 对象，实为 {value[:40]!r}") from error


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("应为 http:// 或 https:// 开头的地址")
    if parts.username or parts.password:
        raise ValueError("地址里不能带用户名和密码，密钥请放在 JIANBAO_CHAT_KEY")
    return value


def _header_safe(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\x21-\x7e]+", value.get_secret_value()):
        raise ValueError("密钥里只能有英文字母、数字和符号，不能有空格、换行和汉字")
    return value


ServiceUrl = Annotated[str, AfterValidator(_http_url)]
Folder = Annotated[Path, AfterValidator(Path.expanduser)]
PublicUrl = Annotated[str, AfterValidator(_web_address)]
Runtime = Literal["auto", "openvino", "torch"]
LogLevel = Literal["debug", "info", "warning", "error", "critical"]


class Settings(BaseSettings):
    """Every setting, named JIANBAO_ and the field's name in capitals. An empty variable counts as unset."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    data: Folder = Field(
        default_factory=lambda: platformdirs.user_data_path("jianbao"),
        description="资料目录：收入的简报和索引；放在只读的文件系统上时只能查询、核查和备份",
    )
    cache: Folder = Field(
        default_factory=lambda: platformdirs.user_cache_path("jianbao"), description="缓存目录：模型"
    )
    model: str = Field(
        default="bundled",
        description="向量模型：bundled（内置）、Hub 上的名字或 sentence-transformers 文件夹",
    )
    reranker: str | None = Field(
        default=None, description="重排模型（CrossEncoder）：Hub 上的名字或文件夹；不设则不重排"
    )
    runtime: Runtime = Field(
        default="auto",
        description="向量计算用的引擎：openvino（快，不载入 torch）、torch（sentence-transformers），"
        "或 auto（能用 openvino 就用，否则用 torch 并说明）",
    )
    query_prompt: str | None = Field(default=None, description="加在问题前的提示语；不设则用模型自带的")
    document_prompt: str | None = Field(default=None, description="加在正文前的提示语；不设则用模型自带的")
    threads: int | None = Field(default=None, ge=1, le=1024, description="向量计算用的线程数；不设则由系统定")
    thesaurus: Path | None = Field(default=None, description="自己的同义词表（toml），补充或覆盖内置的")
    largest_file: int = Field(
        default=LARGEST_FILE, ge=1, le=_LARGEST_BLOB, description="单个文件的上限（字节）"
    )
    time_limit: float = Field(default=30.0, gt=0, le=86400, description="读一个文件的时限（秒）")
    page_limit: float = Field(
        default=150.0, gt=0, le=86400, description="扫描件、图片和旧版 Word 每一页的时限（秒）"
    )
    memory_limit: int = Field(
        default=2 * 2**30, ge=256 * 2**20, description="读一个文件可用的内存（字节）；不少于 256 MB"
    )
    largest_upload: int = Field(default=200 * 2**20, ge=1, description="一次上传的上限（字节，全部文件合计）")
    host: str = Field(default="127.0.0.1", min_length=1, description="服务监听的地址")
    port: int = Field(default=8000, ge=0, le=65535, description="服务监听的端口；0 由系统挑选")
    rate_limit: int = Field(
        default=6000, ge=0, description="每个密钥（没有密钥时每个地址）每分钟最多多少个请求；0 为不限"
    )
    requests_at_once: int = Field(default=256, ge=1, description="同时处理的请求最多多少个，再多的请稍后再来")
    uploads_at_once: int = Field(
        default=8, ge=1, le=32, description="其中上传和重读最多多少个（它们要久些，不能占住提问的路）"
    )
    stop_timeout: float = Field(
        default=30.0, ge=0, le=3600, description="停止服务时，最多等进行中的请求多少秒"
    )
    allowed_hosts: Hosts = Field(
        default=(), description="除本机外还可用哪些主机名访问，逗号隔开（没有密钥时，别的主机名一律拒绝）"
    )
    cors_origins: Origins = Field(
        default=(), description="哪些网站的网页可以调用接口，逗号隔开，写作 https://主机；默认都不可以"
    )
    public_url: PublicUrl | None = Field(
        default=None, description="引文网址用的地址，如 https://jianbao.example；不设则用客户端所用的地址"
    )
    log_level: LogLevel = Field(default="info", description="日志级别")
    log_format: LogFormat = Field(
        default="auto", description="日志格式：json、text，或 auto（终端里 text，否则 json）"
    )
    log_questions: bool = Field(default=False, description="是否把问题的原文记入日志")
    composer: Literal["none", "openai", "transformers"] = Field(
        default="none",
        description="由谁作答：none（原文的句子）、openai（兼容 OpenAI 的服务）、transformers（本机的模型）",
    )
    chat_model: str | None = Field(
        default=None, min_length=1, description="对话模型：服务里的名字；或 Hub 上的名字、transformers 文件夹"
    )
    chat_url: ServiceUrl | None = Field(
        default=None, description="兼容 OpenAI 的服务的地址，如 http://127.0.0.1:11434/v1"
    )
    chat_key: Annotated[SecretStr, AfterValidator(_header_safe)] | None = Field(
        default=None, description="服务的密钥；不写进日志"
    )
    chat_connect_limit: float = Field(default=10.0, gt=0, le=600, description="连接服务的时限（秒）")
    chat_read_limit: float = Field(
        default=60.0, gt=0, le=3600, description="等模型给出下一段文字的时限（秒），第一个字也算"
    )
    chat_time_limit: float = Field(default=180.0, gt=0, le=86400, description="一次作答的时限（秒）")
    chat_rewrite_limit: float = Field(default=10.0, gt=0, le=600, description="补全追问的时限（秒）")
    chat_retries: int = Field(
        default=2, ge=0, le=10, description="服务繁忙、出错或连不上时再试几次（还没有收到回答时）"
    )
    chat_tokens: int = Field(default=1024, ge=16, le=32768, description="一次作答最多多少词元")
    chat_evidence: int = Field(default=6000, ge=200, le=200_000, description="交给模型的原文最多多少字")
    chat_temperature: float = Field(
        default=0.0, ge=0, le=2, description="随机程度；0 每次取最可能的词，同样的问题得同样的回答"
    )
    chat_seed: int = Field(default=0, ge=0, le=2**31 - 1, description="随机数种子（transformers）")
    chat_extra: Annotated[dict[str, Any], NoDecode, BeforeValidator(_json_object)] = Field(
        default={}, description="加进请求正文的其他参数（JSON 对象），值为 null 的参数不发送"
    )


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsError, in Chinese, for an unknown variable or a wrong
    value."""
    _refuse_unknown(os.environ)
    try:
        settings = Settings()
    except ValidationError as error:
        lines = [
            f"环境变量 {PREFIX}{str(item['loc'][0]).upper()}：{explain(item)}。" for item in error.errors()
        ]
        raise SettingsError("\n".join(lines)) from error
    _require_chat_model(settings)
    return settings


def _require_chat_model(settings: Settings) -> None:
    """Raises SettingsError where what the composer needs isn't set."""
    needed = {"none": (), "openai": ("chat_url", "chat_model"), "transformers": ("chat_model",)}
    lacking = [f"{PREFIX}{name.upper()}" for name in needed[settings.composer] if not getattr(settings, name)]
    if lacking:
        raise SettingsError(
            f"{PREFIX}COMPOSER 是 {settings.composer}，还要设置 {'、'.join(lacking)}。用法见 docs/models.md。"
        )


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    unknown = sorted(name for name in environment if name.upper().startswith(PREFIX) and name not in known)
    if not unknown:
        return
    # without the prefix: two names may be alike in nothing else
    names = [name.removeprefix(PREFIX) for name in known]
    near = difflib.get_close_matches(unknown[0].upper().removeprefix(PREFIX), names, n=1)
    hint = f"是不是 {PREFIX}{near[0]}？" if near else ""
    raise SettingsError(f"不认得环境变量 {'、'.join(unknown)}。{hint}可用的有：{'、'.join(known)}。")
