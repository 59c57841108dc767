"""The one place that reads the environment: JIANBAO_… variables, unknown ones refused."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.errors import SettingsError
from api.messages import explain
from corpus.load import LARGEST_FILE

PREFIX = "JIANBAO_"

Folder = Annotated[Path, AfterValidator(Path.expanduser)]
LogLevel = Literal["debug", "info", "warning", "error", "critical"]


class Settings(BaseSettings):
    """Every setting, named JIANBAO_ and the field's name in capitals. An empty variable counts as unset."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    data: Folder = Field(
        default_factory=lambda: platformdirs.user_data_path("jianbao"),
        description="资料目录：收入的简报和索引",
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
    query_prompt: str | None = Field(default=None, description="加在问题前的提示语；不设则用模型自带的")
    document_prompt: str | None = Field(default=None, description="加在正文前的提示语；不设则用模型自带的")
    threads: int | None = Field(default=None, ge=1, le=1024, description="向量计算用的线程数；不设则由系统定")
    thesaurus: Path | None = Field(default=None, description="自己的同义词表（toml），补充或覆盖内置的")
    largest_file: int = Field(default=LARGEST_FILE, ge=1, description="单个文件的上限（字节）")
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
    log_level: LogLevel = Field(default="info", description="日志级别")


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsError, in Chinese, for an unknown variable or a wrong
    value."""
    _refuse_unknown(os.environ)
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"环境变量 {PREFIX}{str(item['loc'][0]).upper()}：{explain(item)}。" for item in error.errors()
        ]
        raise SettingsError("\n".join(lines)) from error


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    unknown = sorted(name for name in environment if name.upper().startswith(PREFIX) and name not in known)
    if not unknown:
        return
    near = difflib.get_close_matches(unknown[0].upper(), known, n=1)
    hint = f"是不是 {near[0]}？" if near else ""
    raise SettingsError(f"不认得环境变量 {'、'.join(unknown)}。{hint}可用的有：{'、'.join(known)}。")
