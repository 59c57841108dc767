"""What Prometheus is told: requests, how long answers take, refusals, and what the library holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from api.present import Catalogue
from index.library import Library
from rag.types import Answer

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The figures of one service, in a registry of its own. Thread-safe."""

    def __init__(self, library: Library, catalogue: Catalogue, folder: Path) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "jianbao_requests", "收到的请求", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "jianbao_request_seconds",
            "请求用时（秒）",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._running = Gauge("jianbao_requests_running", "进行中的请求", registry=self._registry)
        self._stages = Histogram(
            "jianbao_answer_stage_seconds",
            "作答各阶段用时（秒）",
            ["stage"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._answers = Counter(
            "jianbao_answers",
            "作答，按题型和结果（no_evidence 为拒答）",
            ["intent", "status"],
            registry=self._registry,
        )
        self._rejected = Counter(
            "jianbao_rejected_sentences", "拟好而未采用的句子（引文对不上）", registry=self._registry
        )
        self._registry.register(_Holdings(library, catalogue, folder))
        ProcessCollector(registry=self._registry)

    def began(self) -> None:
        """A request has come in."""
        self._running.inc()

    def ended(self, method: str, route: str, status: int, seconds: float) -> None:
        """It has been answered. ``route`` is the route's pattern, never the address that was asked for."""
        self._running.dec()
        shown = method if method in _METHODS else "other"
        self._requests.labels(shown, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answered(self, answer: Answer) -> None:
        """A question has been answered, or refused for want of evidence."""
        self._answers.labels(answer.query.intent, answer.status).inc()
        self._rejected.inc(len(answer.rejected))
        for stage, milliseconds in answer.took_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    def exposed(self, accept: str) -> tuple[bytes, str]:
        """All figures in the format that ``accept`` asks for, and its content type."""
        encoder, content_type = choose_encoder(accept)
        return encoder(self._registry), content_type


class _Holdings(Collector):
    """What the library holds, looked up when it is asked for."""

    def __init__(self, library: Library, catalogue: Catalogue, folder: Path) -> None:
        self._library = library
        self._catalogue = catalogue
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        records = self._catalogue.records().values()
        yield _gauge("jianbao_documents", "收入的文件", len(records))
        yield _gauge("jianbao_passages", "段落", sum(record.passages for record in records))
        originals = self._library.originals.total_size()
        yield _gauge("jianbao_originals_bytes", "所存原文件的大小", originals)
        yield _gauge("jianbao_index_bytes", "资料目录占用的磁盘，含原文件", sum(_sizes(self._folder)))

    def describe(self) -> Iterable[Metric]:
        return []  # else the registry would collect once when this is registered


def _gauge(name: str, help_: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help_, value)


def _sizes(folder: Path) -> Iterator[int]:
    for path in folder.rglob("*"):
        try:
            if path.is_file():
                yield path.stat().st_size
        except FileNotFoundError:  # an index is being written anew
            continue
