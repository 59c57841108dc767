"""A model of the user's own, exported to OpenVINO at its first use."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from processes import ROOT
from tiny_model import tiny_packed

from index import export
from index.bundled import ensure_bundled_model
from index.embed import open_embedder
from index.errors import ModelError
from index.made import MANIFEST
from index.types import Embedder

TEXTS = ["乙", "甲乙甲乙甲乙", "", "丙甲", "甲 乙～1", "丙" * 60]
CONVERTING = "首次使用模型 my-model，正在转换为 OpenVINO 格式（只需一次，约需一分钟）……"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny sentence-transformers folder, which could be any model."""
    place = tmp_path_factory.mktemp("own")
    (place / "tiny.bin").write_bytes(tiny_packed(scale=0.05))
    return ensure_bundled_model(place / "made", source=place / "tiny.bin").rename(place / "my-model")


@pytest.fixture(scope="module")
def exported(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds its export."""
    cache = tmp_path_factory.mktemp("exported")
    told: list[str] = []
    open_embedder(str(folder), cache, notice=told.append).embed_queries(["甲"])
    assert told == [CONVERTING]
    return cache


def _assert_alike(one: Embedder, other: Embedder) -> None:
    for found, expected in zip(
        one.embed_document_tokens(TEXTS), other.embed_document_tokens(TEXTS), strict=True
    ):
        assert found.spans == expected.spans
        assert found.text_vector @ expected.text_vector > 0.999
        assert (found.vectors * expected.vectors).sum(axis=1).min(initial=1) > 0.995


def test_exported_model_equals_the_original(folder: Path, exported: Path) -> None:
    """Vectors of texts and tokens keep a cosine of 0.999 to those of sentence-transformers, also for texts
    longer than any that was traced, and the identity is the same."""
    found = open_embedder(str(folder), exported, notice=pytest.fail)
    original = open_embedder(str(folder), exported, runtime="torch", notice=pytest.fail)
    assert found.identity == original.identity
    _assert_alike(found, original)


def test_exported_model_needs_no_torch(folder: Path, exported: Path) -> None:
    """Once exported, another process embeds without importing torch."""
    code = (
        "import sys; from pathlib import Path; from index.embed import open_embedder;"
        "print(open_embedder(sys.argv[1], Path(sys.argv[2])).embed_queries(['甲']).shape,"
        "*sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(folder), str(exported)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout == "(1, 32)\n"


def test_export_says_what_it_is_of(folder: Path, exported: Path) -> None:
    """Its manifest names the model's fingerprint and every file's hash."""
    [manifest] = exported.glob(f"openvino-*/{MANIFEST}")
    content = json.loads(manifest.read_text())
    assert content["source_sha256"] == open_embedder(str(folder), exported).identity.fingerprint
    assert set(content["files"]) == {"model.xml", "model.bin", "tokenizer.json", "pieces.sqlite"}


def test_damaged_export_is_made_again(folder: Path, exported: Path, tmp_path: Path) -> None:
    """A graph cut short is told and exported anew."""
    cache = Path(shutil.copytree(exported, tmp_path / "cache"))
    [weights] = cache.glob("openvino-*/model.bin")
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1])
    told: list[str] = []
    embedder = open_embedder(str(folder), cache, notice=told.append)
    assert embedder.embed_queries(["甲"]).shape == (1, 32)
    assert told == [f"缓存中的 {weights.parent} 不完整或已损坏，重新准备。", CONVERTING]
    assert weights.read_bytes() == whole


def _refuse(*arguments: object) -> None:
    raise RuntimeError("no such operation: aten::strange")


def test_model_that_cannot_be_exported_runs_in_torch(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason is told, sentence-transformers embeds; it isn't tried again, until a library is another."""
    monkeypatch.setattr(export, "_traced", _refuse)
    told: list[str] = []
    embedder = open_embedder(str(folder), tmp_path, notice=told.append)
    _assert_alike(embedder, open_embedder(str(folder), tmp_path, runtime="torch"))
    reason = "转换失败：RuntimeError: no such operation: aten::strange"
    fallback = (
        f"模型 my-model 不能用 OpenVINO 运行（{reason}），改用 sentence-transformers，"
        "启动要慢几秒。设 JIANBAO_RUNTIME=torch 则不再提示。"
    )
    assert told == [CONVERTING, fallback]
    monkeypatch.setattr(export, "export_model", lambda *arguments: pytest.fail("tried again"))
    told.clear()
    open_embedder(str(folder), tmp_path, notice=told.append).embed_queries(["甲"])
    assert told == [fallback]
    with pytest.raises(ModelError, match=r"my-model 不能用 OpenVINO 运行：转换失败.*JIANBAO_RUNTIME=auto"):
        open_embedder(str(folder), tmp_path, runtime="openvino", notice=pytest.fail).embed_queries(["甲"])
    monkeypatch.setattr("index.runtime.version", lambda name: "99")
    with pytest.raises(pytest.fail.Exception, match="tried again"):
        open_embedder(str(folder), tmp_path, notice=told.append).embed_queries(["甲"])


def test_export_that_is_not_equal_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A graph whose vectors differ from the original's isn't kept."""
    traced = export._traced

    def scaled(encoder: object) -> object:
        from index.openvino import ops, ov

        graph = traced(encoder)
        states, vectors = (result.input_value(0) for result in graph.get_results())
        other = ops.multiply(vectors, ops.constant(np.linspace(-1, 1, 32, dtype=np.float32)))
        for output, name in ((states, "token_embeddings"), (other.output(0), "sentence_embedding")):
            output.get_tensor().set_names({name})
        return ov.Model([ops.result(states), ops.result(other)], graph.get_parameters(), "other")

    monkeypatch.setattr(export, "_traced", scaled)
    with pytest.raises(ModelError, match=r"转换后的向量与原来的余弦应不低于 0\.999，实有"):
        open_embedder(str(folder), tmp_path, runtime="openvino").embed_queries(["甲"])
    assert not list(tmp_path.glob(f"openvino-*/{MANIFEST}"))


def test_full_disk_is_told_and_not_remembered(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no room nothing is exported, and the next start tries again."""
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(ModelError, match=r"无法在 .* 准备模型 my-model：.*请检查磁盘空间"):
        open_embedder(str(folder), tmp_path).embed_queries(["甲"])
    assert not list(tmp_path.glob("refused-*"))
