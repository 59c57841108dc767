"""What the library can be narrowed to, with counts, and what the caller may do; the page offers both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from api.access import CALLER, Caller
from api.etags import NOT_MODIFIED, unchanged
from api.keys import Role
from api.present import Catalogue
from api.wiring import Application
from corpus.places import Gazetteer
from corpus.types import Article
from index.catalogue import issue_key
from index.types import DocumentRecord
from rag.export.choose import city_of_place


class YearFacet(BaseModel):
    """一年，及这一年的文件份数。"""

    year: int
    documents: int


class IssueFacet(BaseModel):
    """一个期号（各年同号的合在一起），及文件份数。"""

    issue: str
    documents: int


class PlaceFacet(BaseModel):
    """一个地方，讲到它的文章篇数；city 是它所在的设区市（它自己就是时同名），不清楚时为 null。"""

    place: str
    city: str | None
    articles: int


class FacetsOut(BaseModel):
    """可以筛选的年份（新的在前）、期号（由小到大）、地方（文章多的在前），以及总数。"""

    documents: int
    articles: int
    years: list[YearFacet]
    issues: list[IssueFacet]
    places: list[PlaceFacet]
    snapshot: str


class AccessOut(BaseModel):
    """role 为 reader 只能提问和查看，editor 还能上传、重读、删除；没有设密钥的服务一律是 editor。"""

    role: Role = Field(description="reader 或 editor")


def facets_router(application: Application, catalogue: Catalogue, version: str) -> APIRouter:
    """``GET /v1/facets`` and ``GET /v1/access``."""
    router = APIRouter(prefix="/v1", tags=["文件"])
    library = application.library
    fresh = [Depends(unchanged(lambda: library.snapshot, version))]

    @router.get("/facets", summary="可以怎样筛选", dependencies=fresh, responses=NOT_MODIFIED)
    def facets() -> FacetsOut:
        """资料库里有哪些年、哪些期、哪些地方，各有多少。"""
        snapshot = library.snapshot
        records = catalogue.records()
        return facets_of(records.values(), library.articles(), application.gazetteer, snapshot)

    @router.get("/access", summary="这个密钥能做什么")
    def access(request: Request) -> AccessOut:
        """页面据此决定显示哪些按钮；真正的限制在各个接口。"""
        caller: Caller = request.scope[CALLER]
        return AccessOut(role=caller.key.role if caller.key else "editor")

    return router


def facets_of(
    records: Iterable[DocumentRecord], articles: Iterable[Article], gazetteer: Gazetteer, snapshot: str
) -> FacetsOut:
    """The counts. Documents without a date or issue count only in the total."""
    records, articles = list(records), list(articles)
    years = Counter(record.date.year for record in records if record.date)
    written = {issue_key(record.issue): record.issue for record in records if record.issue}
    issues = Counter(written[issue_key(record.issue)] for record in records if record.issue)
    places = Counter(article.place for article in articles if article.place)
    issuers = {record.id: (record.issuer or "", record.series or "") for record in records}
    around = {a.place: (*issuers.get(a.document_id, ()), a.title) for a in articles if a.place}
    return FacetsOut(
        documents=len(records),
        articles=len(articles),
        years=[YearFacet(year=year, documents=count) for year, count in sorted(years.items(), reverse=True)],
        issues=[
            IssueFacet(issue=issue, documents=count)
            for issue, count in sorted(issues.items(), key=lambda pair: (_number(pair[0]), pair[0]))
        ],
        places=[
            PlaceFacet(place=place, city=city_of_place(place, around[place], gazetteer), articles=count)
            for place, count in sorted(places.items(), key=lambda pair: (-pair[1], pair[0]))
        ],
        snapshot=snapshot,
    )


def _number(issue: str) -> int:
    return int(issue) if issue.isascii() and issue.isdigit() else 10**9
