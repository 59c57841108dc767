"""Pages looked at in Debian's Chromium, through playwright."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Locator, LocatorAssertions, Page, Request

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium isn't installed (Debian: chromium)")


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A browser without a screen."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # As root, in containers, Chromium's own sandbox can't be set up.
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@dataclass
class Tab:
    """A page of the service, and what went wrong in it."""

    page: Page
    service: str
    problems: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def open(self, path: str = "") -> None:
        self.page.goto(f"{self.service}/{path}")
        self.page.wait_for_function(
            "() => document.querySelector('#filters summary, #first-use:not([hidden]), #key-dialog[open]')"
        )

    def ask(self, question: str) -> None:
        """Ask and wait for the end of the answer."""
        self.page.fill("#question", question)
        self.page.press("#question", "Enter")
        self.page.locator(".turn").last.locator(".actions, .refused").first.wait_for()

    def note_request(self, request: Request) -> None:
        if request.url.startswith("http"):
            self.hosts.add(urlsplit(request.url).netloc)

    def note_console(self, message: ConsoleMessage) -> None:
        # A refused request is told there too; what the page makes of it is tested by itself.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.problems.append(message.text)


@contextlib.contextmanager
def tab(browser: Browser, service: str, **settings: Any) -> Iterator[Tab]:
    """A tab with a history of its own. On the way out: no script failed, the policy of the page stopped
    nothing, and nobody but the service was asked for anything."""
    context = browser.new_context(**{"locale": "zh-CN", "reduced_motion": "reduce"} | settings)
    found = Tab(context.new_page(), service)
    found.page.set_default_timeout(15_000)
    found.page.on("pageerror", lambda error: found.problems.append(str(error)))
    found.page.on("console", found.note_console)
    found.page.on("request", found.note_request)
    yield found
    context.close()
    assert found.problems == []
    assert found.hosts <= {urlsplit(service).netloc}


def expect(locator: Locator, message: str | None = None) -> LocatorAssertions:
    """Playwright's assertions, which wait for what the page is still at."""
    from playwright.sync_api import expect as expect_of_playwright

    return expect_of_playwright(locator, message)
