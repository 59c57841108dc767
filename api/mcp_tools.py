"""The tools that the service offers to models over the Model Context Protocol.

``search`` and ``fetch`` have the shape that ChatGPT's connectors ask for:
https://platform.openai.com/docs/mcp
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field

from api.check_replies import CheckOut, check_out
from api.errors import KNOWN_ERRORS
from api.present import Catalogue
from api.sources import Links, sources_of
from api.wiring import Application
from index.types import Filters
from rag.reference import reference
from rag.types import Answer, Question, Status

LinksOf = Callable[[Context[Any, Any]], Links]
"""The addresses to be told to whoever makes this call."""
Answered = Callable[[str, Answer], None]
"""Told of each question and its answer."""

_READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_RESULTS = 10


class SearchResult(BaseModel):
    """A passage that was found."""

    id: str
    title: str
    url: str


class SearchResults(BaseModel):
    """Best first."""

    results: list[SearchResult]


class Fetched(BaseModel):
    """The article that a passage stands in, with the passage itself in ``metadata``."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]


class Cited(BaseModel):
    """What [marker] in the answer stands for: ``quote`` is the bulletin's own wording, and its document's
    text from ``start`` to ``end`` (code points)."""

    marker: int
    quote: str
    title: str
    url: str
    reference: str
    passage_id: str
    document_id: str
    start: int
    end: int


class AskedOut(BaseModel):
    """An answer with its citations; with ``no_evidence`` it claims nothing."""

    status: Status
    text: str
    citations: list[Cited]


def add_tools(
    server: MCPServer[Any],
    application: Application,
    catalogue: Catalogue,
    links_of: LinksOf,
    answered: Answered,
) -> None:
    """Give ``server`` the tools. All only read; what is wrong with a call is told in Chinese."""

    @server.tool(title="检索简报", annotations=_READS)
    def search(
        query: Annotated[str, Field(description="要找的内容，如：新就业群体服务")], ctx: Context
    ) -> SearchResults:
        """在政务简报里检索与 query 有关的段落，最切题的在前。段落的正文用 fetch 取。"""
        links = links_of(ctx)
        with _told():
            _, hits = application.answerer.search(Question(query, top_k=_RESULTS))
        return SearchResults(
            results=[
                SearchResult(id=hit.passage.id, title=hit.passage.title, url=links.passage(hit.passage))
                for hit in hits
            ]
        )

    @server.tool(title="取一段的原文", annotations=_READS)
    def fetch(id: Annotated[str, Field(description="search 给出的 id")], ctx: Context) -> Fetched:
        """取 search 找到的一段所在的那一篇的全文，一字不差；metadata 里有这一段本身、出处和日期。"""
        with _told():
            passage = application.library.passage(id)
            parsed = application.library.document(passage.document_id)
        article = next(one for one in parsed.articles if one.ordinal == passage.article)
        record = catalogue.records().get(passage.document_id)
        metadata = {
            "passage": passage.text,
            "place": passage.place,
            "heading": " / ".join(passage.heading),
            "date": record.date.isoformat() if record and record.date else None,
            "issue": record.issue if record else None,
            "reference": reference(record, passage.page) if record else None,
            "document_id": passage.document_id,
        }
        return Fetched(
            id=passage.id,
            title=passage.title,
            text=parsed.document.text[article.start : article.end],
            url=links_of(ctx).passage(passage),
            metadata={name: value for name, value in metadata.items() if value},
        )

    @server.tool(title="提问", annotations=_READS)
    def ask(
        question: Annotated[str, Field(description="完整的问题，如：哪些县做了新就业群体服务")],
        ctx: Context,
        years: Annotated[tuple[int, ...], Field(max_length=100, description="只看这些年份的简报")] = (),
        places: Annotated[tuple[str, ...], Field(max_length=100, description="只看这些地方，用全称")] = (),
    ) -> AskedOut:
        """根据政务简报回答问题：每一句都有引文 [n]，引文与原文一字不差；简报里没有的说“简报中未见”。"""
        with _told():
            filters = Filters(years=years, places=places)
            answer = application.answerer.answer(Question(question, filters=filters))
        answered(question, answer)
        sources = sources_of(answer.citations, application.library, catalogue.records(), links_of(ctx))
        return AskedOut(
            status=answer.status,
            text=answer.text,
            citations=[
                Cited(
                    marker=source.citation.marker,
                    quote=source.citation.quote,
                    title=source.title,
                    url=source.url,
                    reference=source.citation.reference,
                    passage_id=source.citation.passage_id,
                    document_id=source.citation.document_id,
                    start=source.citation.start,
                    end=source.citation.end,
                )
                for source in sources
            ],
        )

    @server.tool(title="核稿", annotations=_READS)
    def check(text: Annotated[str, Field(description="要核对的稿件全文")]) -> CheckOut:
        """把稿件里的数字、日期、地名、人名、名称逐一与简报对照：一致、不一致（附简报的写法和引文）、未见。
        未见只是简报没有说，不等于错。"""
        with _told():
            return check_out(application.checker.check(text), None, ())


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Errors written for users reach the model in their own words; of others it is told nothing."""
    try:
        yield
    except KNOWN_ERRORS as error:
        raise ToolError(str(error)) from error
