from __future__ import annotations

import datetime
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import HashEmbedder, make_parsed

from corpus.types import ParsedDocument
from index.errors import DocumentNotFoundError, ModelMismatchError, PassageNotFoundError
from index.library import Library, open_library
from index.types import Filters, Leg, SearchRequest

GUANNAN = make_parsed(
    "a-2025-08",
    ["灌南县为快递员建设暖心驿站。驿站全天免费开放。", "外卖骑手可以在驿站里休息、饮水、充电。"],
    title="灌南县关爱新就业群体",
    place="灌南县",
    date=datetime.date(2025, 3, 1),
    issue="08",
)
LIYANG = make_parsed(
    "a-2025-20",
    ["溧阳市组织志愿者走进社区。志愿者帮助老人理发。", "社区设立志愿服务积分超市，积分可以兑换日用品。"],
    title="溧阳市志愿服务进社区",
    place="溧阳市",
    date=datetime.date(2025, 11, 30),
    issue="20",
)
SUINING = make_parsed(
    "a-2024-20",
    ["睢宁县整治高额彩礼，推动婚俗改革。"],
    title="睢宁县移风易俗",
    place="睢宁县",
    date=datetime.date(2024, 12, 31),
    issue="20",
)
ALL_LEGS: tuple[tuple[Leg, float], ...] = (("dense", 0.4), ("sentence", 0.2), ("lexical", 0.4))


@pytest.fixture
def library(tmp_path: Path, fake_embedder: HashEmbedder) -> Iterator[Library]:
    with open_library(tmp_path, fake_embedder, notice=pytest.fail) as opened:
        opened.add([GUANNAN, LIYANG, SUINING])
        yield opened


def ids(library: Library, text: str, **options: object) -> list[str]:
    return [hit.passage.id for hit in library.search(SearchRequest(text, **options))]  # type: ignore[arg-type]


def test_what_goes_in_comes_out(library: Library) -> None:
    """A document, its articles and passages are kept whole, anchors and all."""
    assert library.document("a-2025-08") == GUANNAN
    assert library.passage("a-2025-08-1") == GUANNAN.passages[1]
    assert library.passages(["a-2024-20-0", "a-2025-08-0"]) == [SUINING.passages[0], GUANNAN.passages[0]]
    assert library.articles(Filters(places=("溧阳市",))) == [LIYANG.articles[0]]


def test_catalogue_is_newest_first(library: Library, fake_embedder: HashEmbedder) -> None:
    """Newest date first, undated documents last; counts are right."""
    library.add([make_parsed("undated", ["没有日期。"])])
    records = library.documents()
    assert [record.id for record in records] == ["a-2025-20", "a-2025-08", "a-2024-20", "undated"]
    assert [(record.articles, record.passages) for record in records] == [(1, 2), (1, 2), (1, 1), (1, 1)]
    assert records[0].date == datetime.date(2025, 11, 30)


def test_search_finds_the_right_passage(library: Library) -> None:
    """The passage that says it comes first, with ranks from 1, scores in [0, 1] and what each leg said."""
    hits = library.search(SearchRequest("哪里的外卖骑手可以饮水、充电", weights=ALL_LEGS, limit=3))
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert hits[0].passage == GUANNAN.passages[1]
    assert hits[0].score == pytest.approx(1.0)
    assert {leg: said.rank for leg, said in hits[0].legs.items()} == {"dense": 1, "sentence": 1, "lexical": 1}
    assert hits[0].matched == ("外卖骑手", "饮水", "充电")
    assert all(0 <= hit.score <= 1 for hit in hits)


@pytest.mark.parametrize("leg", ["dense", "sentence", "lexical"])
def test_each_leg_alone(library: Library, leg: Leg) -> None:
    """Every leg finds the passage by itself, and is the only one that speaks."""
    hits = library.search(SearchRequest("积分兑换日用品", weights=((leg, 1.0),)))
    assert hits[0].passage.id == "a-2025-20-1"
    assert set(hits[0].legs) == {leg}


def test_traditional_question(library: Library) -> None:
    """A question in Traditional characters finds Simplified text, and is shown as it was asked."""
    hits = library.search(SearchRequest("快遞員的驛站", weights=(("lexical", 1.0),)))
    assert hits[0].passage.id == "a-2025-08-0"
    assert hits[0].matched == ("快遞員", "驛站")


def test_expansions(library: Library) -> None:
    """A term of an expansion finds passages and is named, longest first."""
    request = SearchRequest("结婚费用", weights=(("lexical", 1.0),), expansions=("高额彩礼", "婚俗"))
    [hit] = library.search(request)
    assert (hit.passage.id, hit.matched) == ("a-2024-20-0", ("高额彩礼", "婚俗"))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(years=(2024,)), {"a-2024-20"}),
        (Filters(issues=("第8期",)), {"a-2025-08"}),
        (Filters(issues=("8", "020")), {"a-2025-08", "a-2025-20", "a-2024-20"}),
        (Filters(issues=("20",), years=(2025,)), {"a-2025-20"}),
        (Filters(places=("灌南县", "睢宁县")), {"a-2025-08", "a-2024-20"}),
        (Filters(document_ids=("a-2025-20",)), {"a-2025-20"}),
        (Filters(since=datetime.date(2025, 3, 1), until=datetime.date(2025, 11, 29)), {"a-2025-08"}),
        (Filters(until=datetime.date(2024, 12, 31)), {"a-2024-20"}),
        (Filters(years=(2024,), places=("灌南县",)), set()),
    ],
)
def test_filters(library: Library, filters: Filters, expected: set[str]) -> None:
    """Filters hold exactly: every passage of what meets them is found, and nothing else."""
    request = SearchRequest("志愿驿站彩礼", filters, limit=None, weights=ALL_LEGS)
    found = {hit.passage.id for hit in library.search(request)}
    passages = {p.id for parsed in (GUANNAN, LIYANG, SUINING) for p in parsed.passages}
    assert found == {id_ for id_ in passages if id_.rsplit("-", 1)[0] in expected}
    assert {article.document_id for article in library.articles(filters)} == expected
    assert {passage.id for passage in library.passages(filters=filters)} == found


def test_place_of_a_passage_counts(library: Library) -> None:
    """A passage about another place than its article is found by its own place and by the article's."""
    parsed = make_parsed("b", ["两地共建驿站。"], title="共建", place="宿迁市")
    passage = replace(parsed.passages[0], place="沭阳县")
    library.add([ParsedDocument(parsed.document, parsed.articles, (passage,))])
    assert ids(library, "共建", filters=Filters(places=("沭阳县",))) == ["b-0"]
    assert ids(library, "共建", filters=Filters(places=("宿迁市",))) == ["b-0"]
    assert [article.document_id for article in library.articles(Filters(places=("沭阳县",)))] == ["b"]


def test_nothing_to_search(library: Library, tmp_path: Path, fake_embedder: HashEmbedder) -> None:
    """No text, no room or no documents: nothing is found, and nothing fails."""
    assert ids(library, "  ") == []
    assert ids(library, "驿站", limit=0) == []
    with open_library(tmp_path / "empty", fake_embedder) as empty:
        assert ids(empty, "驿站") == []
        assert empty.sentence_matches("驿站", []).sentences == ()


def test_sentence_matches(library: Library, fake_embedder: HashEmbedder) -> None:
    """Sentences come in the order of ids and text, at the document's offsets, with the right cosines; the
    question is embedded once for search and scores."""
    before = fake_embedder.queries_embedded
    library.search(SearchRequest("驿站免费开放"))
    matches = library.sentence_matches("驿站免费开放", ["a-2024-20-0", "a-2025-08-0"])
    assert fake_embedder.queries_embedded == before + 1
    texts = [library.document(s.passage_id[:9]).document.text[s.start : s.end] for s in matches.sentences]
    assert texts == [
        "睢宁县整治高额彩礼，推动婚俗改革。",
        "灌南县为快递员建设暖心驿站。",
        "驿站全天免费开放。",
    ]
    query = fake_embedder.embed_queries(["驿站免费开放"])[0]
    embedded = fake_embedder.embed_documents(
        ["睢宁县：" + texts[0], *("灌南县：" + text for text in texts[1:])]
    )
    assert matches.cosines.tolist() == pytest.approx((embedded @ query).tolist(), abs=1e-6)


def test_late_interaction_meets_each_token_of_the_question(library: Library) -> None:
    """A token that stands in a sentence is at cosine 1 to it, a sentence that holds them all scores 1."""
    matches = library.sentence_matches("驿站免费", ["a-2025-08-0"])
    assert matches.spans == ((0, 1), (1, 2), (2, 3), (3, 4))
    station, free = matches.tokens[:, 0], matches.tokens[:, 1]
    assert station[:2].tolist() == pytest.approx([1, 1], abs=0.02)
    assert station[2:].max() < 0.9
    assert free[2:].tolist() == pytest.approx([1, 1], abs=0.02)
    assert matches.weights.sum() == pytest.approx(1)


def test_the_late_leg_ranks_what_the_others_found(library: Library) -> None:
    """With the late leg, the passage that holds every character of the question comes first."""
    request = SearchRequest("驿站全天", weights=(("dense", 0.2), ("lexical", 0.2), ("late", 0.6)))
    hits = library.search(request)
    assert hits[0].passage.id == "a-2025-08-0"
    assert hits[0].legs["late"].score == pytest.approx(1, abs=0.02)


def test_adding_again_changes_nothing(library: Library, fake_embedder: HashEmbedder) -> None:
    """The same document, also from a file of other bytes or another name, embeds and changes nothing."""
    before, snapshot = fake_embedder.documents_embedded, library.snapshot
    other_file = replace(GUANNAN.document, sha256="0" * 64, media_type="application/pdf", source_name="b.pdf")
    copy = ParsedDocument(other_file, GUANNAN.articles, GUANNAN.passages)
    assert [outcome.status for outcome in library.add([GUANNAN, copy])] == ["unchanged", "unchanged"]
    assert (fake_embedder.documents_embedded, library.snapshot) == (before, snapshot)


def test_replace(library: Library) -> None:
    """Other content under the same id replaces the old, which is no longer found."""
    new = make_parsed("a-2025-08", ["灌南县开办夜校。"], title="灌南县夜校", place="灌南县")
    [outcome] = library.add([new])
    assert (outcome.status, outcome.passages) == ("replaced", 1)
    assert library.document("a-2025-08") == new
    assert ids(library, "夜校")[0] == "a-2025-08-0"
    assert ids(library, "骑手充电", weights=(("lexical", 1.0),)) == []
    assert "a-2025-08-1" not in ids(library, "骑手充电", limit=None, weights=ALL_LEGS)


def test_same_file_under_another_id(library: Library) -> None:
    """When the same bytes get another id (a masthead better read), the old document makes room."""
    sha256 = SUINING.document.sha256
    [outcome] = library.add([make_parsed("new-id", ["睢宁县整治高额彩礼。"], sha256=sha256)])
    assert outcome.status == "replaced"
    assert [record.id for record in library.documents()] == ["a-2025-20", "a-2025-08", "new-id"]


def test_remove(library: Library) -> None:
    """What is removed is gone from everything; removing it twice is an error."""
    library.remove("a-2025-20")
    assert [record.id for record in library.documents()] == ["a-2025-08", "a-2024-20"]
    assert not any(
        id_.startswith("a-2025-20") for id_ in ids(library, "志愿者", limit=None, weights=ALL_LEGS)
    )
    with pytest.raises(DocumentNotFoundError, match="a-2025-20"):
        library.remove("a-2025-20")
    with pytest.raises(DocumentNotFoundError):
        library.document("a-2025-20")
    with pytest.raises(PassageNotFoundError, match="a-2025-20-0"):
        library.passage("a-2025-20-0")


def test_neighbours(library: Library) -> None:
    """Neighbours are those around a passage in its document, itself left out."""
    library.add([make_parsed("long", [f"第{n}段。" for n in range(5)])])
    assert [p.id for p in library.neighbours("long-2")] == ["long-1", "long-3"]
    assert [p.id for p in library.neighbours("long-0", 2)] == ["long-1", "long-2"]


def test_places_and_vocabulary(library: Library) -> None:
    """Places count articles; words count passages, titles included, and follow the library's changes. A
    stretch is read word for word in the passages as the library has them."""
    library.add([make_parsed("more", ["又一篇。"], title="溧阳市", place="溧阳市")])
    assert library.places() == {"溧阳市": 2, "灌南县": 1, "睢宁县": 1}
    assert library.consult(lambda vocabulary: vocabulary.frequency("驿站")) == 2
    assert library.consult(lambda vocabulary: vocabulary.frequency("溧阳市")) == 3
    assert library.consult(lambda vocabulary: vocabulary.is_said("溧阳市")) is True
    library.remove("a-2025-08")
    assert library.consult(lambda vocabulary: vocabulary.frequency("驿站")) == 0


def test_snapshot_counts_changes(library: Library) -> None:
    """The snapshot names the generation and the library, and moves with every change."""
    generation, name = library.snapshot.split("-")
    assert (generation, len(name)) == ("g3", 8)
    library.remove("a-2024-20")
    assert library.snapshot == f"g4-{name}"


def test_progress(library: Library) -> None:
    """Progress tells done and total, total 0 where the documents come one by one."""
    seen: list[tuple[int, int]] = []
    library.add([GUANNAN, LIYANG], lambda *step: seen.append(step))
    library.add(iter([GUANNAN]), lambda *step: seen.append(step))
    assert seen == [(1, 2), (2, 2), (1, 0)]


def test_error_keeps_what_was_done(library: Library) -> None:
    """A bad document ends the call; those before it are kept and found."""
    bad = ParsedDocument(LIYANG.document, (), (replace(LIYANG.passages[0], text="不是原文"),))
    with pytest.raises(ValueError, match="a-2025-20-0"):
        library.add([make_parsed("good", ["新建图书馆。"]), bad])
    assert ids(library, "图书馆")[0] == "good-0"
    assert library.document("a-2025-20") == LIYANG


def test_other_process_is_seen(library: Library, tmp_path: Path) -> None:
    """What another process adds or removes is seen at the next search, without opening anew."""
    assert ids(library, "图书馆", weights=(("lexical", 1.0),)) == []
    with open_library(tmp_path, HashEmbedder()) as other:
        other.add([make_parsed("other", ["新建图书馆。"])])
        other.remove("a-2025-08")
    for leg, _ in ALL_LEGS:
        assert ids(library, "图书馆", weights=((leg, 1.0),))[0] == "other-0"
        assert "a-2025-08-0" not in ids(library, "暖心驿站", limit=None, weights=((leg, 1.0),))


def test_threads(library: Library) -> None:
    """Searching from several threads while another adds and removes never fails nor finds half a document."""
    failures: list[str] = []

    def search() -> None:
        try:
            for _ in range(30):
                hits = library.search(SearchRequest("驿站充电", limit=None, weights=ALL_LEGS))
                found = {hit.passage.id for hit in hits if hit.passage.document_id == "moving"}
                if found not in (set(), {"moving-0", "moving-1"}):
                    failures.append(f"half there: {found}")
        except Exception as error:
            failures.append(repr(error))

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    moving = make_parsed("moving", ["驿站可以充电。", "驿站可以休息。"])
    for _ in range(8):
        library.add([moving])
        library.remove("moving")
    for thread in threads:
        thread.join()
    assert failures == []


def test_model_mismatch(library: Library, tmp_path: Path) -> None:
    """Another model is refused by name, with the way out; an emptied library takes any model."""
    with pytest.raises(ModelMismatchError, match=r"「hash」.*「other」.*jianbao rebuild"):
        open_library(tmp_path, HashEmbedder("other"))
    with open_library(tmp_path, HashEmbedder("other"), check_model=False) as opened:
        with pytest.raises(ModelMismatchError):
            opened.search(SearchRequest("驿站"))
        with pytest.raises(ModelMismatchError):
            opened.add([make_parsed("x", ["新的。"])])
        for record in opened.documents():
            opened.remove(record.id)
        opened.add([make_parsed("x", ["新的。"])])
        assert opened.model == HashEmbedder("other").identity


def test_rebuild(library: Library, tmp_path: Path) -> None:
    """Rebuilding embeds all anew with the current model and loses nothing; who still has the old model
    open is refused from then on."""
    embedder = HashEmbedder("other", dimension=32)
    steps: list[tuple[int, int]] = []
    with open_library(tmp_path, embedder, check_model=False) as opened:
        opened.rebuild(lambda *step: steps.append(step))
        assert steps == [(1, 3), (2, 3), (3, 3)]
        assert opened.document("a-2025-08") == GUANNAN
        assert ids(opened, "骑手充电", weights=ALL_LEGS)[0] == "a-2025-08-1"
    with pytest.raises(ModelMismatchError):
        library.search(SearchRequest("驿站"))


def reopened(folder: Path) -> tuple[list[str], list[str]]:
    """Notices of opening, and what a lexical search then finds."""
    notices: list[str] = []
    with open_library(folder, HashEmbedder(), notice=notices.append) as opened:
        return notices, ids(opened, "充电", weights=(("lexical", 1.0),))


def test_deleted_lexical_index(library: Library, tmp_path: Path) -> None:
    """A missing lexical index is built from the library, with a notice, once."""
    library.close()
    shutil.rmtree(tmp_path / "lexical")
    notices, found = reopened(tmp_path)
    assert found == ["a-2025-08-1"]
    assert [notice[:6] for notice in notices] == ["词语索引缺失"]
    assert reopened(tmp_path) == ([], ["a-2025-08-1"])


@pytest.mark.parametrize("pattern", ["meta.json", "*.idx", "*.term", "*.fast", "*.store", "*"])
@pytest.mark.parametrize("content", [b"", b"garbage " * 40])
def test_corrupted_lexical_index(library: Library, tmp_path: Path, pattern: str, content: bytes) -> None:
    """Whichever file of the lexical index is damaged, it is built anew, with a notice."""
    library.close()
    for path in list((tmp_path / "lexical").glob(pattern)):
        path.unlink()
        path.write_bytes(content)
    notices, found = reopened(tmp_path)
    assert found == ["a-2025-08-1"]
    assert "词语索引" in notices[0]
    assert reopened(tmp_path) == ([], ["a-2025-08-1"])


def test_lexical_index_of_another_history(library: Library, tmp_path: Path) -> None:
    """After an older copy of the library is put back, the lexical index isn't trusted by its numbers."""
    database = tmp_path / "library.sqlite3"
    library.close()
    shutil.copy(database, tmp_path / "backup")
    with open_library(tmp_path, HashEmbedder()) as opened:
        opened.add([make_parsed("one", ["图书馆开放。"])])
    shutil.copy(tmp_path / "backup", database)
    with open_library(tmp_path, HashEmbedder(), notice=[].append) as opened:
        opened.add([make_parsed("two", ["体育馆开放。"])])
        assert ids(opened, "体育馆", weights=(("lexical", 1.0),)) == ["two-0"]
        assert ids(opened, "图书馆", weights=(("lexical", 1.0),)) == []


def test_unusable_lexical_folder(tmp_path: Path) -> None:
    """Where the folder can't be had, words are searched from memory, with a notice."""
    (tmp_path / "lexical").write_text("a file in the way")
    notices: list[str] = []
    with open_library(tmp_path, HashEmbedder(), notice=notices.append) as opened:
        opened.add([GUANNAN])
        assert ids(opened, "充电", weights=(("lexical", 1.0),)) == ["a-2025-08-1"]
    assert "内存" in notices[-1]


ADD_FOR_EVER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from fakes import HashEmbedder, make_parsed
from index.library import open_library
with open_library(Path(sys.argv[1]), HashEmbedder()) as library:
    start = len(library.documents())
    for number in range(start, start + 10_000):
        texts = [f"编号{number}的文件第{part}段。它有两句话。" for part in range(5)]
        library.add([make_parsed(f"d{number}", texts)])
        print(f"d{number}", flush=True)
"""


def test_kill_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """After kill -9 at any moment every acknowledged document is whole and found, and none is half there."""
    here = Path(__file__).parent
    command = [sys.executable, "-c", ADD_FOR_EVER, str(tmp_path), str(here), str(here.parent)]
    acknowledged: list[str] = []
    for number in range(4):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _ in range(2 + number):
                acknowledged.append(process.stdout.readline().strip())
            threading.Event().wait(0.003 * number)
            process.kill()
            acknowledged += process.stdout.read().split()
        with open_library(tmp_path, HashEmbedder(), notice=pytest.fail) as library:
            stored = [record.id for record in library.documents()]
            assert set(acknowledged) <= set(stored)
            for document_id in stored:
                only = Filters(document_ids=(document_id,))
                expected = {f"{document_id}-{part}" for part in range(5)}
                assert {p.id for p in library.document(document_id).passages} == expected
                for leg, _ in ALL_LEGS:
                    found = ids(library, f"编号{document_id[1:]}的文件", filters=only, weights=((leg, 1.0),))
                    assert set(found) == expected
                assert len(library.sentence_matches("文件", sorted(expected)).sentences) == 10
