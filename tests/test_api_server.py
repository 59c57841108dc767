"""Where the service listens, and how it stops: processes of their own."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from processes import environment, running

from api.errors import AddressError, ExposedError
from api.keys import KeyFile
from api.server import listen
from api.settings import Settings

pytestmark = pytest.mark.slow

SERVICE = [sys.executable, str(Path(__file__).parent / "serve_fake.py")]
QUESTION = {"question": "哪些县做了新就业群体服务"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "::ffff:0.0.0.0"])
def test_a_network_is_not_listened_to_without_keys(settings: Settings, host: str) -> None:
    """Beyond this machine there must be a key, or the owner must insist; nothing is bound before that."""
    with pytest.raises(ExposedError, match=r"jianbao keys add.*--insecure-no-auth"):
        listen(host, 0, settings)
    assert not settings.data.exists()
    listener, reach = listen("0.0.0.0", 0, settings, insecure=True)
    listener.close()
    assert reach == "unguarded"
    KeyFile(settings.data).add("reader")
    for insecure in (False, True):
        listener, reach = listen("0.0.0.0", 0, settings, insecure=insecure)
        listener.close()
        assert reach == "network"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.8.9.1"])
def test_this_machine_is_listened_to(settings: Settings, host: str) -> None:
    """Loopback addresses need no key, by whatever name."""
    listener, reach = listen(host, 0, settings)
    with listener:
        assert listener.getsockname()[0].startswith("127.")
    assert reach == "loopback"


def test_a_port_beyond_all_ports_is_told(settings: Settings) -> None:
    """70000 isn't taken for another port."""
    with pytest.raises(AddressError, match="实为 70000"):
        listen("127.0.0.1", 70000, settings)


@pytest.fixture
def process(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A service that takes a second or more for a question, and its address. The parameter is how long it
    waits to stop."""
    started = subprocess.Popen(
        [*SERVICE, str(tmp_path), "1"],
        env=environment(JIANBAO_STOP_TIMEOUT=getattr(request, "param", "60")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert started.stdout
    assert started.stderr
    try:
        address = re.search(r"http://[\d.:]+", started.stdout.readline())
        assert address
        yield started, address[0]
    finally:
        started.kill()
        started.communicate()


def started_asking(address: str) -> None:
    """Returns once a question is being answered."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        text = httpx.get(f"{address}/metrics").text
        if float(re.search(r"^jianbao_requests_running (\S+)", text, re.MULTILINE)[1]) >= 2:  # type: ignore[index]
            return
        time.sleep(0.05)
    pytest.fail("no question arrived")


def test_running_answers_end_and_new_ones_are_refused(process: tuple[subprocess.Popen[str], str]) -> None:
    """After SIGTERM the answer under way comes whole, a new request gets 503, health still answers; then the
    process ends with code 0."""
    service, address = process
    with ThreadPoolExecutor(1) as pool, httpx.Client(base_url=address) as idle:
        assert idle.get("/healthz").status_code == 200
        answer = pool.submit(httpx.post, f"{address}/v1/query", json=QUESTION, timeout=30)
        started_asking(address)
        service.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        refused = idle.get("/v1/documents")
        ready = httpx.get(f"{address}/readyz")
        health = httpx.get(f"{address}/healthz")
        assert answer.result().status_code == 200
        assert answer.result().json()["status"] == "answered"
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "stopping")
    assert (ready.status_code, ready.json()["error"]["code"]) == (503, "stopping")
    assert health.status_code == 200
    assert service.wait(10) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/healthz")


def test_an_idle_service_stops_at_once(process: tuple[subprocess.Popen[str], str]) -> None:
    """With nothing under way SIGTERM ends it with code 0, an open connection or not."""
    service, address = process
    with httpx.Client(base_url=address) as idle:
        idle.get("/healthz")
        service.send_signal(signal.SIGTERM)
        assert service.wait(10) == 0


@pytest.mark.parametrize(("process", "signals"), [("60", 2), ("0.2", 1)], indirect=["process"])
def test_what_does_not_end_is_not_waited_for(
    process: tuple[subprocess.Popen[str], str], signals: int
) -> None:
    """A client that never finishes sending keeps the process neither beyond the time that was set nor beyond
    a second SIGTERM. Where time is over it is told that the service is stopping."""
    service, address = process
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as stalled:
        stalled.sendall(b"POST /v1/query HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\n{")
        started_asking(address)
        for _ in range(signals):
            service.send_signal(signal.SIGTERM)
            time.sleep(0.3)
        reply = b"".join(iter(lambda: stalled.recv(65536), b""))
        assert service.wait(20) == (0 if signals == 1 else -signal.SIGTERM)
    if signals == 1:
        assert reply.startswith(b"HTTP/1.1 503 ")
        assert b'"stopping"' in reply


def test_an_upload_ends_when_its_client_goes_away(process: tuple[subprocess.Popen[str], str]) -> None:
    """What was told before is there, the files that were still to come aren't read, and nothing is logged as
    a fault."""
    service, address = process
    texts = [f"通知{number}\n\n第{number}组要在月底前报送台账。\n" for number in range(60)]
    files = [("files", (f"{number}.txt", text.encode())) for number, text in enumerate(texts)]
    with httpx.Client(base_url=address, timeout=30) as client:
        headers = {"Accept": "text/event-stream"}
        with client.stream("POST", "/v1/documents", files=files, headers=headers) as reply:
            lines = reply.iter_lines()
            told = next(line for line in lines if line.startswith("data:") and '"added"' in line)
        deadline = time.monotonic() + 20
        while "jianbao_requests_running 1.0" not in client.get("/metrics").text:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        ids = {document["id"] for document in client.get("/v1/documents").json()["documents"]}
    assert json.loads(told.removeprefix("data:"))["id"] in ids
    assert len(ids) < 3 + 60
    service.send_signal(signal.SIGTERM)
    _, log = service.communicate(timeout=20)
    assert '"fault"' not in log
    assert "Traceback" not in log


def test_a_revoked_key_is_refused_at_once(tmp_path: Path) -> None:
    """The running service sees keys come and go as another process makes and revokes them: at the next
    request."""
    keys = KeyFile(tmp_path / "data")
    key, secret = keys.add("reader")
    with running([*SERVICE, str(tmp_path)]) as address, httpx.Client(base_url=address) as client:

        def status(key: str) -> int:
            return client.get("/v1/documents", headers={"Authorization": f"Bearer {key}"}).status_code

        assert client.get("/v1/documents").status_code == 401
        assert status(secret) == 200
        _, other = keys.add("reader")
        assert status(other) == 200
        keys.revoke(key.id)
        assert status(secret) == 401
        assert status(other) == 200
