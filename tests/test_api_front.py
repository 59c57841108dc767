"""The page's files, facets and access over HTTP."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import HashEmbedder
from fastapi.testclient import TestClient

import api
import corpus
from api.app import create_app
from api.facets import facets_of
from api.settings import Settings
from api.wiring import assemble
from corpus.places import Gazetteer
from index.types import DocumentRecord

PAGE = Path(api.__file__).parent / "page"
SAMPLE = Path(corpus.__file__).parent / "sample"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("front")
    settings = Settings(data=folder / "data", cache=folder / "cache")
    application = assemble(settings, HashEmbedder(), logging.warning)
    client = TestClient(create_app(application), base_url="http://127.0.0.1")
    files = [("files", (path.name, path.read_bytes())) for path in sorted(SAMPLE.glob("*.txt"))]
    assert client.post("/v1/documents", files=files).json()["counts"]["added"] == 3
    yield client
    application.close()


def test_every_file_of_the_page_is_served(client: TestClient) -> None:
    """With its kind, an ETag, and the policy of pages; an unchanged one isn't sent again."""
    kinds = {
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".svg": "image/svg+xml; charset=utf-8",
    }
    for path in PAGE.iterdir():
        if path.suffix == ".html":
            continue
        reply = client.get(f"/page/{path.name}")
        assert (reply.status_code, reply.headers["content-type"]) == (200, kinds[path.suffix]), path.name
        assert "script-src 'self'" in reply.headers["content-security-policy"]
        again = client.get(f"/page/{path.name}", headers={"If-None-Match": reply.headers["etag"]})
        assert again.status_code == 304
    assert client.get("/").headers["content-type"] == "text/html; charset=utf-8"


def test_nothing_outside_the_page_is_served(client: TestClient) -> None:
    """No way up from the folder."""
    for path in (
        "/page/../front.py",
        "/page/%2e%2e/front.py",
        "/page/..%2ffront.py",
        "/page/",
        "/page/nichts.js",
    ):
        assert client.get(path).status_code == 404


def test_the_page_holds_no_script_in_its_text_and_no_foreign_address() -> None:
    """As its policy demands: scripts and styles in files of their own, from here."""
    for path in PAGE.iterdir():
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"https?://[^\s\"']+", text)) <= {"http://www.w3.org/2000/svg"}, path.name
        assert "innerHTML" not in text, path.name
    html = (PAGE / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?! type=\"module\" src=\"page/)|\sstyle=|\son[a-z]+=", html) == []


def test_an_issue_written_in_two_ways_is_one(gazetteer: Gazetteer) -> None:
    """08 and 8 are counted together, as the filter takes them together."""
    records = [
        DocumentRecord(f"d{number}", "简报", None, issue, None, None, False, f"{number}.txt", "0" * 64, 0, 0)
        for number, issue in enumerate(["8", "08", "9"])
    ]
    counted = facets_of(records, [], gazetteer, "g1")
    assert [(one.issue, one.documents) for one in counted.issues] == [("08", 2), ("9", 1)]


def test_facets_count_the_sample(client: TestClient) -> None:
    """Years newest first, issues by number, places by their articles with the city they lie in."""
    facets = client.get("/v1/facets").json()
    assert (facets["documents"], facets["articles"]) == (3, 12)
    assert facets["years"] == [{"year": 2025, "documents": 2}, {"year": 2022, "documents": 1}]
    assert facets["issues"] == [{"issue": number, "documents": 1} for number in ("1", "16", "20")]
    places = {one["place"]: (one["city"], one["articles"]) for one in facets["places"]}
    assert places["灌南县"] == ("连云港市", 1)
    assert places["淮安市"] == ("淮安市", 1)


def test_without_keys_everybody_may_write(client: TestClient) -> None:
    """The page of this machine shows all that it can do."""
    assert client.get("/v1/access").json() == {"role": "editor"}


def test_what_was_cited_is_shown_after_an_update(client: TestClient) -> None:
    """At the answer's snapshot a passage is as it was, said to be replaced; without one as it is now."""
    old = "更新简报\n第3期\n更新办公室\n2024年3月1日\n\n灌南县：办夜校\n灌南县办了三十所市民夜校，听课的居民有五千人。\n"
    files = [("files", ("更新.txt", old.encode()))]
    document = client.post("/v1/documents", files=files).json()["documents"][0]["id"]
    snapshot = client.get("/v1/documents").json()["snapshot"]
    passage = f"/v1/passages/{document}-p001"
    quoted = client.get(passage).json()
    assert (quoted["is_current"], quoted["replaced_by"]) == (True, None)
    files = [("files", ("更新.txt", old.replace("五千", "六千").encode()))]
    again = client.post("/v1/documents", files=files).json()["documents"][0]
    assert (again["id"], again["status"]) == (document, "replaced")
    then = client.get(passage, params={"snapshot": snapshot}).json()
    assert then["reference"] == quoted["reference"] == "更新办公室. 更新简报[Z]. 2024(3)."
    assert then["text"] == quoted["text"]
    assert (then["is_current"], then["replaced_by"], then["issue"]) == (False, document, "3")
    whole = client.get(f"/v1/documents/{document}", params={"snapshot": snapshot}).json()
    assert whole["text"][then["start"] : then["end"]] == then["text"]
    assert "六千" in client.get(passage).json()["text"]
    other = client.get(passage, params={"snapshot": "g1-00000000"})
    assert (other.status_code, other.json()["error"]["code"]) == (404, "other_library")
    assert client.get(passage, params={"snapshot": "g1"}).json()["error"]["code"] == "bad_snapshot"
    client.delete(f"/v1/documents/{document}")
    assert client.get(passage, params={"snapshot": snapshot}).status_code == 404
