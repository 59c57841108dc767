"""The examples under docs/ run as they stand, against a running service."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from processes import environment

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
QUESTION = "哪些县做了新就业群体服务"
needs_jq = pytest.mark.skipif(
    not (shutil.which("jq") and shutil.which("curl")), reason="jq or curl is not installed"
)


def load(name: str) -> Any:
    """The example as a module."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_the_langchain_retriever(service: str) -> None:
    """It gives LangChain the passages that search finds, filtered, with where they stand."""
    retriever = load("langchain_retriever").JianbaoRetriever(
        base_url=service, top_k=3, filters={"places": ["灌南县"]}
    )
    documents = retriever.invoke("快递员")
    asked = {"question": "快递员", "top_k": 3, "filters": {"places": ["灌南县"]}}
    passages = httpx.post(f"{service}/v1/search", json=asked).json()["passages"]
    assert [(d.id, d.page_content) for d in documents] == [(p["id"], p["text"]) for p in passages]
    assert {d.metadata["place"] for d in documents} == {"灌南县"}
    whole = httpx.get(f"{service}/v1/documents/{documents[0].metadata['document_id']}").json()["text"]
    for document in documents:
        assert whole[document.metadata["start"] : document.metadata["end"]] == document.page_content


def bot(service: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [EXAMPLES / "bot.sh", *arguments],
        env={**environment(), "BOT_ADDRESS": service},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@needs_jq
def test_the_bot_shows_answer_and_sources(service: str) -> None:
    """The answer comes first, then each source with its address; a refused question says why."""
    shown = bot(service, QUESTION)
    own = httpx.post(f"{service}/v1/query", json={"question": QUESTION}, timeout=30).json()
    assert shown.stdout.startswith(own["answer"]["text"])
    for citation in own["citations"]:
        assert f"[{citation['marker']}] [{citation['short_reference']}]({service}/?passage=" in shown.stdout
    refused = bot(service, " ")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "问题不能为空" in refused.stderr


@needs_jq
def test_the_bot_sends_to_the_group(service: str) -> None:
    """What the group's webhook gets is a markdown message of what is shown else."""
    sent: list[Any] = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent."""

    with HTTPServer(("127.0.0.1", 0), Webhook) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        done = bot(service, QUESTION, f"http://127.0.0.1:{server.server_port}/send")
    assert done.returncode == 0, done.stderr
    [message] = sent
    assert message["msgtype"] == "markdown"
    assert message["markdown"]["content"] + "\n" == bot(service, QUESTION).stdout
