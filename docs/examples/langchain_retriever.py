"""A LangChain retriever over a running Jianbao: ``pip install langchain-core httpx``.

python langchain_retriever.py http://127.0.0.1:8000 哪些县做了新就业群体服务
"""

from __future__ import annotations

import sys
from typing import Any

import httpx
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field


class JianbaoRetriever(BaseRetriever):
    """Passages of the bulletins for a question, best first. ``filters`` as ``POST /v1/search`` takes them;
    raises httpx.HTTPStatusError where the service refuses."""

    base_url: str = "http://127.0.0.1:8000"
    api_key: str | None = None
    top_k: int = 8
    filters: dict[str, Any] = Field(default_factory=dict)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        reply = httpx.post(
            f"{self.base_url}/v1/search",
            json={"question": query, "top_k": self.top_k, "filters": self.filters},
            headers={"Authorization": f"Bearer {self.api_key}"} if self.api_key else {},
            timeout=60,
        )
        reply.raise_for_status()
        return [
            Document(
                id=passage["id"],
                page_content=passage["text"],
                metadata={
                    "source": f"{self.base_url}/?passage={passage['id']}",
                    **{
                        name: passage[name]
                        for name in ("title", "place", "date", "issue", "document_id", "start", "end")
                    },
                    "score": passage["score"],
                },
            )
            for passage in reply.json()["passages"]
        ]


if __name__ == "__main__":
    address, question = sys.argv[1:]
    for document in JianbaoRetriever(base_url=address, top_k=3).invoke(question):
        print(document.metadata["title"], document.metadata["source"])
        print(document.page_content, end="\n\n")
