"""The page at ``/`` in a real browser."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import docx
import httpx
import pytest
from browsing import Tab, expect, needs_chromium, tab
from processes import environment, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

pytestmark = [needs_chromium, pytest.mark.slow]

QUESTION = "哪些县做了新就业群体服务"
SERVE = str(Path(__file__).parent / "serve_fake.py")
STRANGE = (
    "测试简报\n第7期\n测试办公室\n2024年5月8日\n\n"
    "𠮷安县：办起𠮷祥夜校\n"
    "𠮷安县办了三十所𠮷祥夜校，请<img src=x onerror=\"document.title='攻破'\">老师来上课，听课的居民有五千人。\n"
    "夜校<script>document.title='攻破'</script>每周开两次，教𠮷他和剪纸。\n"
)

HELD = """
    const held = new Promise((go) => { window.release = go; });
    const real = window.fetch;
    window.fetch = async (path, options) => {
        const response = await real(path, options);
        if (!String(path).endsWith("v1/query")) return response;
        const text = await response.text();
        const last = text.indexOf("event: answer");
        const coded = (part) => new TextEncoder().encode(part);
        return new Response(new ReadableStream({
            async start(stream) {
                stream.enqueue(coded(text.slice(0, last)));
                await held;
                stream.enqueue(coded(text.slice(last)));
                stream.close();
            },
        }));
    };
"""
"""Keeps back the last event of an answer, as a slow one would, until release() is called."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One of this module's own: its tests put documents in and take them out."""
    with running([sys.executable, SERVE, str(tmp_path_factory.mktemp("page"))], environment()) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, service: str) -> Iterator[Tab]:
    with tab(chromium, service) as found:
        yield found


def marked(found: Tab) -> str:
    """What is highlighted in the article that is open."""
    found.page.wait_for_selector("#reader mark.quote")
    return "\n".join(found.page.locator("#reader mark.quote").all_inner_texts())


def reply_to(service: str, question: str) -> dict:
    return httpx.post(f"{service}/v1/query", json={"question": question}, timeout=60).json()


def test_a_list_becomes_a_table_with_its_coverage(page: Tab) -> None:
    """Rows are the places of the reply, those in doubt told apart by a word; the coverage stands below."""
    reply = reply_to(page.service, QUESTION)
    page.open()
    page.ask(QUESTION)
    rows = page.page.locator(".list tbody tr")
    found = [
        (row.locator("th").inner_text().split("\n")[0].strip(), row.get_attribute("class"))
        for row in rows.all()
    ]
    wanted = [(item["place"], "sure") for item in reply["items"]]
    wanted += [(item["place"], "doubtful") for item in reply["doubtful"]]
    assert [
        (place.removesuffix("确有").removesuffix("存疑").strip(), kind) for place, kind in found
    ] == wanted
    assert page.page.locator(".list tr.sure .tag").first.inner_text() == "确有"
    assert page.page.locator(".coverage").inner_text() == reply["coverage"]["note"]


def test_rows_in_other_words_are_in_the_table_alone(page: Tab) -> None:
    """A row that isn't the bulletin's own words keeps its 改写 there, and no line below says it again."""

    def rewritten(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=reply.text().replace('"verbatim"', '"rewritten"'))

    page.page.route("**/v1/query", rewritten)
    page.open()
    page.ask(QUESTION)
    rows = page.page.locator(".list tbody tr").all()
    assert [row.locator("td .tag").inner_text() for row in rows] == ["改写"] * len(rows)
    names = [row.locator("th").inner_text().split("\n")[0].strip() for row in rows]
    lines = page.page.locator(".answer > p").all_inner_texts()
    assert not [
        line for line in lines for name in names if line.removeprefix("改写").strip().startswith(f"{name}：")
    ]


def test_a_row_says_its_issue(page: Tab) -> None:
    """The series isn't repeated in each row where there is only one; the chip beside says it all."""
    page.open()
    page.ask(QUESTION)
    reply = reply_to(page.service, QUESTION)
    issues = {
        passage["id"]: f"{passage['date'][:4]}年第{passage['issue']}期" for passage in reply["passages"]
    }
    passages = {one["marker"]: one["passage_id"] for one in reply["citations"]}
    rows = reply["items"] + reply["doubtful"]
    cells = page.page.locator("table.list td.source").all()
    for cell, row in zip(cells, rows, strict=True):
        assert cell.inner_text().startswith(issues[passages[row["citations"][0]]])
        assert "《江苏精神文明建设简报》" in (cell.locator(".chip").first.get_attribute("aria-label") or "")


def test_a_chip_opens_the_quote_in_its_article(page: Tab) -> None:
    """What is highlighted is the citation's quote, to the character, also by keyboard; Escape goes back."""
    reply = reply_to(page.service, QUESTION)
    page.open()
    page.ask(QUESTION)
    for citation in reply["citations"][:3]:
        chip = page.page.locator(f'.answer .chip[data-marker="{citation["marker"]}"]').first
        chip.focus()
        page.page.keyboard.press("Enter")
        page.page.wait_for_function(
            "quote => document.querySelector('#reader mark.quote')?.textContent === quote",
            arg=citation["quote"],
        )
        assert citation["reference"] in page.page.locator("#reader").inner_text()
        page.page.keyboard.press("Escape")
        expect(page.page.locator("#reader")).to_be_hidden()
        assert page.page.evaluate("document.activeElement.className") == "chip"


def test_passages_show_what_was_quoted(page: Tab) -> None:
    """In the list beside the answer each quote is marked to the character, with the number it has."""
    page.open()
    page.ask(QUESTION)
    reply = reply_to(page.service, QUESTION)
    cited = {citation["passage_id"] for citation in reply["citations"]}
    rows = page.page.locator("#reader .passages > li").all()
    for row, passage in zip(rows, reply["passages"], strict=True):
        own = [one for one in reply["citations"] if one["passage_id"] == passage["id"]]
        marks = row.locator("mark.cited").all_text_contents()
        assert sorted(marks) == sorted(one["quote"] for one in own)
        assert "".join(f"[{one['marker']}]" for one in own) in row.locator(".meta").inner_text()
        assert (passage["id"] in cited) == bool(marks)


def test_an_address_opens_a_passage(page: Tab) -> None:
    """/?passage=…&start=…&end=… is what chat front ends link to."""
    citation = reply_to(page.service, QUESTION)["citations"][0]
    page.open(f"?passage={citation['passage_id']}&start={citation['start']}&end={citation['end']}")
    assert marked(page) == citation["quote"]


def test_an_address_of_nothing_says_so(page: Tab) -> None:
    """A passage that is gone gets words, not an empty panel."""
    page.open("?passage=nirgends-p001")
    page.page.wait_for_selector("#reader .problem")
    assert "不在资料库里" in page.page.locator("#reader .problem").inner_text()


def test_back_and_forward(page: Tab) -> None:
    """Each question has an address; Back and Forward go between them and ask nothing again."""
    second = "灌南县有多少名文明实践指导员"
    page.open(f"?q={quote(QUESTION)}")
    page.page.wait_for_selector(".actions")
    page.ask(second)
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url))
    for step, question, number in ((page.page.go_back, QUESTION, 0), (page.page.go_forward, second, 1)):
        step()
        page.page.wait_for_function("title => document.title === title", arg=f"{question} · 简报问答")
        heading = page.page.locator(".turn > h2").nth(number)
        assert heading.inner_text() == question
        assert 0 <= (heading.bounding_box() or {"y": -1})["y"] < 720  # the height of the window
    assert page.page.locator(".turn").count() == 2
    assert [url for url in asked if url.endswith("/v1/query")] == []


def test_back_leaves_a_passage(page: Tab) -> None:
    """An open passage is in the address, beside the question; one step back shows the passages again, also
    after several were opened, and the address alone brings both question and passage."""
    page.open()
    page.ask(QUESTION)
    for number in (0, 1):
        page.page.locator(".answer .chip").nth(number).click()
        page.page.wait_for_function(
            "chip => new URLSearchParams(location.search).get('start') && document.querySelector('#reader mark')"
        )
    address = page.page.url
    quoted = marked(page)
    page.page.go_back()
    page.page.wait_for_selector("#reader .passages")
    assert "passage=" not in page.page.url
    page.open(address.removeprefix(f"{page.service}/"))
    page.page.wait_for_selector(".actions")
    assert marked(page) == quoted
    assert page.page.locator(".turn > h2").all_inner_texts() == [QUESTION]


def test_the_conversation_waits(page: Tab) -> None:
    """Who looks at another tab finds the answers as they were; 新对话 begins without them."""
    page.open()
    page.ask(QUESTION)
    page.page.click("#tab-check")
    page.page.click("#tab-ask")
    assert page.page.locator(".turn > h2").all_inner_texts() == [QUESTION]
    expect(page.page.locator("#reader .passages")).to_be_visible()
    page.page.click("text=新对话")
    assert page.page.locator(".turn").count() == 0
    expect(page.page.locator("#examples")).to_be_visible()
    with page.page.expect_request("**/v1/query") as sent:
        page.ask("灌南县有多少名文明实践指导员")
    assert json.loads(sent.value.post_data or "")["history"] == []


def test_a_passage_brings_its_reference(page: Tab) -> None:
    """Opened by address or from the list, a passage shows and copies what a citation would."""
    citation = reply_to(page.service, QUESTION)["citations"][0]
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=page.service)
    address = f"?passage={citation['passage_id']}&start={citation['start']}&end={citation['end']}"
    page.open(address)
    marked(page)
    page.page.click("text=复制引文")
    page.page.wait_for_selector("text=已复制")
    copied = "navigator.clipboard.readText()"
    assert page.page.evaluate(copied) == f"“{citation['quote']}”\n{citation['reference']}"
    page.page.click("text=复制链接")
    page.page.wait_for_function(f"async () => (await {copied}).startsWith('http')")
    assert page.page.evaluate(copied) == f"{page.service}/{address}"


@pytest.mark.parametrize("is_closed", [False, True], ids=["read on", "closed"])
def test_sentences_show_before_the_answer_ends(page: Tab, is_closed: bool) -> None:
    """Each is there with its citations as soon as it comes; a passage opened meanwhile stays open when the
    rest arrives, and a closed panel stays closed."""
    page.page.add_init_script(HELD)
    page.open()
    page.page.fill("#question", QUESTION)
    page.page.press("#question", "Enter")
    page.page.locator(".answer .sentence .chip").first.click()
    quoted = marked(page)
    expect(page.page.locator("#stop")).to_be_visible()
    assert page.page.locator(".actions").count() == 0
    if is_closed:
        page.page.keyboard.press("Escape")
    page.page.evaluate("release()")
    page.page.wait_for_selector(".actions")
    expect(page.page.locator("#reader")).to_be_visible(visible=not is_closed)
    if not is_closed:
        assert marked(page) == quoted
        page.page.click("text=← 相关段落")
        found = reply_to(page.service, QUESTION)["passages"]
        assert page.page.locator("#reader .passages > li").count() == len(found)


def test_the_field_is_as_high_as_its_text(page: Tab) -> None:
    """It grows with lines and shrinks again."""
    page.open()
    for text, rows in (("一行", 1), ("一\n二\n三", 3), ("一\n" * 20, 6), ("", 1)):
        page.page.fill("#question", text)
        assert page.page.evaluate("document.querySelector('#question').rows") == rows


def test_a_stopped_answer_says_so(page: Tab) -> None:
    """停止 ends the waiting; the page is ready for the next question."""
    page.open()
    page.page.route("**/v1/query", lambda route: None)
    page.page.fill("#question", QUESTION)
    page.page.press("#question", "Enter")
    page.page.click("#stop")
    page.page.wait_for_selector(".turn >> text=已停止")
    assert page.page.locator(".state").count() == 0
    expect(page.page.locator("#ask")).to_be_visible()
    page.page.unroute("**/v1/query")
    page.ask(QUESTION)


def test_a_refusal_claims_nothing(page: Tab) -> None:
    """Where the bulletins don't say, the page says so, offers no export, and shows what is nearest."""
    page.open()
    page.ask("火星探测器是哪一年发射的")
    shown = page.page.locator(".turn .answer.refused").inner_text()
    assert "未见" in shown
    assert "不是答案" in page.page.locator(".turn .nearest").inner_text()
    assert page.page.locator("#reader h2").inner_text().startswith("最接近的段落")
    assert page.page.locator(".actions").count() == 0


def test_filters_narrow_the_question(page: Tab) -> None:
    """A chosen year goes along with the question and stands beside it, until its chip is pressed."""
    page.open()
    page.page.click("#filters summary:has-text('年份')")
    page.page.get_by_label("2022年").check()
    with page.page.expect_request("**/v1/query") as sent:
        page.ask("哪些地方提到了志愿服务")
    assert json.loads(sent.value.post_data or "")["filters"] == {"years": [2022]}
    assert {note.inner_text() for note in page.page.locator(".understood .note").all()} == {"只看 2022年"}
    page.page.click(".filter:has-text('2022年')")
    assert page.page.locator(".filter").count() == 0
    assert not page.page.locator("#filters input").first.is_checked()


def test_a_filter_that_the_question_says_can_be_taken_off(page: Tab) -> None:
    """A year read out of the question stands under it; pressed, the same question is answered without it."""
    page.open()
    page.ask("2022年哪些地方有志愿服务队")
    assert "1 期" in page.page.locator(".coverage").inner_text()
    with page.page.expect_request("**/v1/query") as sent:
        page.page.get_by_role("button", name="不限于2022年，重新回答").click()
    page.page.locator(".turn .actions").wait_for()
    asked = json.loads(sent.value.post_data or "")
    assert (asked["filters"], asked["ignore_said"]) == ({}, ["years"])
    assert "3 期" in page.page.locator(".coverage").inner_text()
    assert page.page.locator(".turn").count() == 1
    assert page.page.locator(".understood button").count() == 0


def test_a_follow_up_brings_what_was_said(page: Tab) -> None:
    """The second question is sent with the first and its answer."""
    page.open()
    page.ask("灌南县的文明实践指导员有多少名")
    with page.page.expect_request("**/v1/query") as sent:
        page.ask("他们办了多少场活动")
    history = json.loads(sent.value.post_data or "")["history"]
    assert [turn["role"] for turn in history] == ["user", "assistant"]
    assert history[0]["content"] == "灌南县的文明实践指导员有多少名"


def test_the_answer_is_exported_to_word(page: Tab, tmp_path: Path) -> None:
    """导出 Word saves a document that holds the citations' sentences."""
    page.open()
    page.ask(QUESTION)
    with page.page.expect_download() as started:
        page.page.click("text=导出 Word")
    assert started.value.suggested_filename.endswith(".docx")
    started.value.save_as(tmp_path / "pack.docx")
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(tmp_path / "pack.docx")).paragraphs)
    assert "灌南县" in text


def test_strange_text_stays_text(page: Tab) -> None:
    """Uploaded with progress told; markup in it is shown, not run; quotes are right past characters that
    JavaScript counts twice; and deleting takes it out again."""
    page.open("?tab=files")
    page.page.set_input_files(
        "#upload", files=[{"name": "怪.txt", "mimeType": "text/plain", "buffer": STRANGE.encode()}]
    )
    page.page.wait_for_selector("#uploads .good")
    assert "已收入" in page.page.locator("#uploads .good").inner_text()
    citation = next(
        c for c in reply_to(page.service, "𠮷祥夜校听课的居民有多少人")["citations"] if "听课" in c["quote"]
    )
    page.open(f"?passage={citation['passage_id']}&start={citation['start']}&end={citation['end']}")
    assert marked(page) == citation["quote"]
    assert "onerror" in page.page.locator("#reader").inner_text()
    assert page.page.title() != "攻破"
    assert page.page.locator("#reader img, #reader script").count() == 0
    page.page.click("#tab-files")
    page.page.click("[aria-label^='删除'][aria-label*='第7期']")
    page.page.click("#sure-dialog .danger")
    page.page.wait_for_function(
        "() => ![...document.querySelectorAll('#files .title')].some(b => b.textContent.includes('第7期'))"
    )


def test_a_bad_file_is_told(page: Tab) -> None:
    """What can't be read is named with its reason."""
    page.open("?tab=files")
    page.page.set_input_files("#upload", files=[{"name": "空.txt", "mimeType": "text/plain", "buffer": b""}])
    page.page.wait_for_selector("#uploads .bad")
    assert "空" in page.page.locator("#uploads .bad").inner_text()


def given(name: str, text: str) -> dict:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def test_many_files_go_in_one_after_the_other(page: Tab) -> None:
    """Each is told by itself, whatever becomes of the others; a busy service is asked again after its wait."""
    note = "夜校通知\n\n灌云县办起市民夜校，报名学员5200人。\n"
    sent: list[str] = []

    def busy_at_first(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        sent.append(route.request.method)
        if len(sent) > 1:
            route.continue_()
            return
        error = {"error": {"code": "busy", "message": "服务正忙。", "type": "unavailable_error"}}
        route.fulfill(status=503, headers={"Retry-After": "1"}, json=error)

    page.open("?tab=files")
    page.page.route("**/v1/documents", busy_at_first)
    names = ("夜校.txt", "空.txt", "又一份.txt")
    page.page.set_input_files(
        "#upload", files=[given(name, "" if name == "空.txt" else note) for name in names]
    )
    page.page.locator("#upload-status", has_text="上传结束：收入 2 份，共 3 份").wait_for(state="attached")
    told = page.page.locator("#uploads li").all_inner_texts()
    assert [words in row for words, row in zip(("已收入", "没有收入", "已有，未变"), told, strict=True)] == [
        True
    ] * 3
    assert len(sent) == 1 + len(names)
    page.page.unroute("**/v1/documents")
    page.page.click("[aria-label='删除 夜校通知']")
    page.page.click("#sure-dialog .danger")
    page.page.locator("#files", has_text="夜校通知").wait_for(state="detached")


def test_a_file_can_be_given_up(page: Tab) -> None:
    """Of a scan each page is told; 取消 ends it and says so, and the next file is sent."""
    events = 'event: page\ndata: {"source_name":"扫描件.pdf","page":3,"pages":8}\n\n'
    page.page.add_init_script(
        "const real = window.fetch; window.fetch = (path, options) => options?.body?.get?.('files').name !== "
        "'扫描件.pdf' ? real(path, options) : Promise.resolve(new Response(new ReadableStream({ start(stream) {"
        f" stream.enqueue(new TextEncoder().encode({json.dumps(events)}));"
        " options.signal.addEventListener('abort', () => stream.error(options.signal.reason)); } })));"
    )
    page.open("?tab=files")
    page.page.set_input_files("#upload", files=[given("扫描件.pdf", "%PDF"), given("空.txt", "")])
    first, second = page.page.locator("#uploads li").nth(0), page.page.locator("#uploads li").nth(1)
    first.get_by_text("第 3 页，共 8 页").wait_for()
    assert first.locator("progress").evaluate("bar => bar.value") == 3 / 8
    first.get_by_role("button", name="取消 扫描件.pdf").click()
    second.get_by_text("没有收入").wait_for()
    assert "已取消" in first.inner_text()


def test_documents_are_sifted(page: Tab) -> None:
    """By year, issue and place, and by words."""
    page.open("?tab=files")
    rows = page.page.locator("#files > li .title")
    for select, value, issue in (
        ("year", "2022", "第1期"),
        ("issue", "16", "第16期"),
        ("place", "丰县", "第20期"),
    ):
        page.page.select_option(f"#files-{select}", value)
        page.page.locator("#files > li:only-child .title", has_text=issue).wait_for()
        page.page.select_option(f"#files-{select}", "")
        rows.nth(2).wait_for()
    page.page.select_option("#files-year", "2022")
    page.page.select_option("#files-place", "丰县")
    page.page.locator("#files", has_text="没有这样的资料").wait_for()


def test_a_draft_is_checked(page: Tab, tmp_path: Path) -> None:
    """A wrong figure is marked with a word and the bulletin's figure; its source opens; the draft with
    comments is saved."""
    page.open("?tab=check")
    page.page.fill("#draft", "灌南县挑选240名文明实践指导员。\n办活动800余场。")
    page.page.click("#check-run")
    page.page.wait_for_selector(".draft .inconsistent")
    assert page.page.locator(".draft .inconsistent").inner_text().startswith("240名")
    assert page.page.locator(".draft .inconsistent small:visible").inner_text() == "不一致，简报为238名"
    page.page.locator(".draft .consistent").first.click()
    assert "一致" in page.page.evaluate("document.activeElement.textContent")
    page.page.locator(".draft .inconsistent").focus()
    page.page.keyboard.press("Enter")
    assert "240名" in page.page.evaluate("document.activeElement.textContent")
    page.page.click(".findings .inconsistent button:has-text('看原文')")
    assert "238名" in marked(page)
    draft = {"name": "稿.txt", "mimeType": "text/plain", "buffer": "灌南县挑选241名文明实践指导员。".encode()}
    page.page.set_input_files("#check-file", files=[draft])
    page.page.wait_for_selector(".draft .inconsistent:has-text('241名')")
    with page.page.expect_download() as started:
        page.page.click("text=下载批注稿")
    saved = tmp_path / "checked.docx"
    started.value.save_as(saved)
    assert "241名" in "\n".join(p.text for p in docx.Document(io.BytesIO(saved.read_bytes())).paragraphs)


def test_history_is_kept_and_cleared(page: Tab) -> None:
    """Questions asked stand on the first page, also later, until they are cleared."""
    page.open()
    page.ask(QUESTION)
    page.open()
    assert page.page.locator("#history li").all_inner_texts() == [QUESTION]
    page.page.click("#history-clear")
    expect(page.page.locator("#history")).to_be_hidden()


def test_a_picture_where_it_says_more_than_the_table(page: Tab) -> None:
    """Bars for cities where one of them has three places, with the same in words; none for one place each."""
    page.open()
    words = page.page.evaluate(
        """async () => {
            const { chart } = await import("/page/chart.js");
            const rows = ["甲", "乙", "丙", "丁"].map((place) => ({ place, kind: "sure" }));
            const many = chart(rows, { cityOf: (place) => (place === "丁" ? "南市" : "北市"), yearOf: () => "2025" });
            const each = chart(rows, { cityOf: (place) => `${place}市`, yearOf: () => "2025" });
            return [many.querySelector("svg").getAttribute("aria-label"), many.querySelectorAll("rect").length, each];
        }"""
    )
    assert words == ["各市有几地：北市3，南市1", 2, None]


def test_a_quote_of_a_replaced_version_says_so(page: Tab) -> None:
    """The address of a citation shows what was cited, and leads to the new version."""
    old = "更新简报\n第3期\n更新办公室\n2024年3月1日\n\n灌南县：办夜校\n灌南县办了三十所市民夜校，居民有五千人听课。\n"
    ids = []
    for text in (old, old.replace("五千", "六千")):
        reply = httpx.post(
            f"{page.service}/v1/documents", files=[("files", ("更新.txt", text.encode()))]
        ).json()
        ids.append((reply["documents"][0]["id"], reply["snapshot"]))
    page.open(f"?passage={ids[0][0]}-p001&snapshot={ids[0][1]}")
    assert "五千" in marked(page)
    assert "已更新" in page.page.locator("#reader .notice").inner_text()
    page.page.click("text=看新的版本")
    page.page.wait_for_selector("#reader .article:has-text('六千')")
    httpx.delete(f"{page.service}/v1/documents/{ids[1][0]}")
