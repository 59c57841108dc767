"""The page for everybody: by keyboard alone, read aloud, on a phone, in the dark, with a key."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from browsing import Tab, expect, needs_chromium, tab
from processes import JIANBAO, environment, run, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [needs_chromium, pytest.mark.slow]

QUESTION = "哪些县做了新就业群体服务"
DRAFT = "灌南县挑选240名文明实践指导员。启东市花费300万元办马拉松。"
SERVE = str(Path(__file__).parent / "serve_fake.py")
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def states(found: Tab) -> Iterator[str]:
    """The page in each of its states, one after the other."""
    page = found.page
    found.open()
    yield "empty"
    page.click("#filters summary >> nth=-1")
    yield "a menu of filters"
    found.open()
    found.ask(QUESTION)
    yield "a list"
    page.locator(".answer .chip").first.click()
    page.wait_for_selector("#reader mark.quote")
    yield "a quote"
    found.open("?tab=check")
    page.fill("#draft", DRAFT)
    page.click("#check-run")
    page.wait_for_selector(".draft .inconsistent")
    yield "a draft"
    found.open("?tab=files")
    page.wait_for_selector("#files .title")
    yield "files"
    page.click("[aria-label^='删除'] >> nth=0")
    yield "a question before deleting"


@pytest.mark.parametrize("settings", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
def test_axe_finds_no_serious_fault(chromium: Browser, service: str, settings: dict[str, Any]) -> None:
    """Neither in the markup nor in the contrast, in any state."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with tab(chromium, service, **settings) as found:
        for state in states(found):
            faults = [
                (state, fault["id"], [node["target"] for node in fault["nodes"]])
                for fault in axe.run(found.page).response["violations"]
                if fault["impact"] in {"serious", "critical"}
            ]
            assert faults == []


def test_a_phone_needs_no_scrolling_sideways(chromium: Browser, service: str) -> None:
    """At 390 pixels nothing stands out on the right, in any state."""
    with tab(chromium, service, **PHONE) as found:
        for state in states(found):
            width = found.page.evaluate("document.documentElement.scrollWidth")
            assert (state, width) == (state, 390)
            if state == "a quote":
                # in view together: the quote, and what is done with it
                for wanted in ("mark.quote", ".copy", ".close"):
                    box = found.page.locator(f"#reader {wanted}").bounding_box() or {"y": -1}
                    assert 58 <= box["y"] < 844, wanted


def test_the_dark_is_dark(chromium: Browser, service: str) -> None:
    """Where the reader's system is dark the page is, with light text."""
    with tab(chromium, service, color_scheme="dark") as found:
        found.open()
        colours = found.page.evaluate(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
        )
        assert colours == ["rgb(26, 25, 23)", "rgb(236, 231, 222)"]


def test_paper_gets_the_answer_and_its_references(chromium: Browser, service: str) -> None:
    """Printed are the answer, each chip as [n], and the quotes with their references; nothing to press."""
    with tab(chromium, service) as found:
        page = found.page
        found.open()
        found.ask(QUESTION)
        page.emulate_media(media="print")
        reply = httpx.post(f"{service}/v1/query", json={"question": QUESTION}, timeout=60).json()
        printed = [item.inner_text() for item in page.locator(".references li:visible").all()]
        assert printed == [f"“{one['quote']}”{one['reference']}" for one in reply["citations"]]
        chip = "[getComputedStyle(chip, '::before').content, chip.textContent]"
        assert page.locator(".chip").first.evaluate(f"chip => {chip}") == ['"["', "1"]
        for pressed in ("#asking", ".actions", "#reader", ".top"):
            expect(page.locator(pressed), pressed).to_be_hidden()


def test_a_browser_that_keeps_nothing(chromium: Browser, service: str) -> None:
    """Where storage is forbidden the page answers all the same."""
    with tab(chromium, service) as found:
        for name in ("localStorage", "sessionStorage"):
            forbid = "{ get() { throw new DOMException('no', 'SecurityError'); } }"
            found.page.add_init_script(f"Object.defineProperty(window, '{name}', {forbid});")
        found.open()
        found.ask(QUESTION)
        assert found.page.locator(".answer .chip").count() > 0


def test_all_by_keyboard(chromium: Browser, service: str) -> None:
    """Ask, reach the first chip, read, go back, change to another tab: no mouse."""
    with tab(chromium, service) as found:
        page = found.page
        found.open()
        page.keyboard.press("Tab")
        while page.evaluate("document.activeElement.id") != "question":
            page.keyboard.press("Tab")
        page.keyboard.type("灌南县有多少名文明实践指导员")
        page.keyboard.press("Enter")
        page.wait_for_selector(".actions")
        page.keyboard.press("Shift+Tab")
        while page.evaluate("document.activeElement.className") != "chip":
            page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("#reader mark.quote")
        assert "238名" in page.locator("#reader mark.quote").inner_text()
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.className") == "chip"
        page.focus("#tab-ask")
        page.keyboard.press("ArrowRight")
        expect(page.locator("#view-check")).to_be_visible()
        assert page.evaluate("document.activeElement.id") == "tab-check"


def test_an_answer_is_told_to_those_who_listen(chromium: Browser, service: str) -> None:
    """The status says when it searches and when it has answered, and not each word."""
    with tab(chromium, service) as found:
        found.open()
        found.ask(QUESTION)
        cited = len(
            httpx.post(f"{service}/v1/query", json={"question": QUESTION}, timeout=60).json()["citations"]
        )
        assert found.page.locator("#status").text_content() == f"已回答，引文 {cited} 条"
        assert found.page.locator("#turns[aria-live], .answer[aria-live]").count() == 0


def test_keys_are_asked_for(chromium: Browser, tmp_path: Path) -> None:
    """With keys the page asks for one, tells a wrong one, and shows a reader no upload."""
    (tmp_path / "data").mkdir()
    env = environment(JIANBAO_DATA=str(tmp_path / "data"))
    secrets = {
        role: run([*JIANBAO, "keys", "add", "--role", role, "--name", role], env).stdout.strip()
        for role in ("reader", "editor")
    }
    with (
        running([sys.executable, SERVE, str(tmp_path)], environment()) as address,
        tab(chromium, address) as found,
    ):
        page = found.page
        found.open()
        page.fill("#key", "jb_falsch")
        page.click("#key-form button.main")
        page.wait_for_selector("#key-problem:visible")
        page.fill("#key", secrets["reader"])
        page.click("#key-form button.main")
        page.wait_for_selector("#filters summary")
        found.ask(QUESTION)
        page.click("#tab-files")
        page.wait_for_selector("#files .title")
        expect(page.locator("#drop")).to_be_hidden()
        assert page.locator("[aria-label^='删除']").count() == 0
        page.click("#key-button")
        page.fill("#key", secrets["editor"])
        page.click("#key-form button.main")
        page.wait_for_selector("#drop:visible")
        page.wait_for_selector("[aria-label^='删除']")


def test_an_empty_library_leads_to_the_upload(chromium: Browser, tmp_path: Path) -> None:
    """Who has put nothing in yet is told what to do first."""
    with running([sys.executable, SERVE, str(tmp_path)], environment()) as address:
        for record in httpx.get(f"{address}/v1/documents").json()["documents"]:
            httpx.delete(f"{address}/v1/documents/{record['id']}")
        with tab(chromium, address) as found:
            found.open()
            expect(found.page.locator("#asking")).to_be_hidden()
            found.page.click("#first-upload")
            expect(found.page.locator("#drop")).to_be_visible()
