// The panel beside the answer: the passages that were found, or one citation in its article, in place.

import { link } from "./address.js";
import { copy, el, reveal, save } from "./dom.js";
import { fileName } from "./service.js";
import { cut, dateWords, issueWords, marked, slice, unitOffsets } from "./text.js";

const TITLE = "reader-title";
const NOTHING = { passages: [], citations: [], name: "", snapshot: "" };

export class Reader {
  /** ``opened(citation)`` and ``closed()`` are told what the reader of the page does, for the address. */
  constructor(panel, service, { announce, opened, closed }) {
    Object.assign(this, { panel, service, announce, opened, closed });
    this.asked = 0;
    this.clear();
  }

  /** As if nothing had been found yet. */
  clear() {
    this.asked += 1;
    this.found = NOTHING;
    this.isReading = false;
    this.isDismissed = false;
    this.hide();
  }

  /** Other passages are about to come; till then those that are shown stay, so that nothing jumps. */
  expect() {
    this.asked += 1;
    this.isReading = false;
    this.isDismissed = false;
  }

  hide() {
    this.panel.hidden = true;
    this.panel.replaceChildren();
    document.body.classList.remove("reading");
  }

  /** The reader of the page has had enough of it. */
  close() {
    this.asked += 1;
    this.isDismissed = true;
    this.isReading = false;
    this.hide();
    this.goBack();
    this.closed();
  }

  /** Out of an article, by way of the address: to the passages, if there are some. */
  leave() {
    if (!this.isReading) return;
    this.asked += 1;
    this.isReading = false;
    if (this.found.passages.length) this.list();
    else this.hide();
    this.goBack();
  }

  goBack() {
    if (this.returnTo?.isConnected) this.returnTo.focus();
  }

  /** {passages, name, snapshot} of an answer; shown unless somebody reads an article or has closed the panel. */
  offer(found) {
    this.found = found;
    if (this.isReading || this.isDismissed) return;
    if (found.passages.length) this.list();
    else this.hide();
  }

  /** The same, because the reader of the page wants them. */
  bring(found) {
    Object.assign(this, { found, isDismissed: false });
    this.returnTo = document.activeElement;
    this.backToList();
    reveal(this.panel, "nearest");
    this.panel.focus({ preventScroll: true });
  }

  backToList() {
    if (this.isReading) this.closed();
    this.isReading = false;
    this.list();
  }

  list() {
    this.asked += 1;
    this.show(
      el("h2", { id: TITLE }, `${this.found.name} ${this.found.passages.length} 段`),
      el("ol", { class: "passages" }, this.found.passages.map((passage) => this.passage(passage))),
    );
  }

  passage(passage) {
    const open = () => this.open({ passage_id: passage.id, start: passage.start, end: passage.end, snapshot: this.found.snapshot });
    const own = this.found.citations.filter((citation) => citation.passage_id === passage.id);
    const quotes = own.map(({ start, end }) => [start - passage.start, end - passage.start]);
    const words = (text) => marked(text, passage.matched ?? []).map((piece) => (piece.hit ? el("mark", { class: "word" }, piece.text) : piece.text));
    const extract = cut(passage.text, quotes).map(({ text, isInside }) => (isInside ? el("mark", { class: "cited" }, words(text)) : words(text)));
    return el(
      "li",
      {},
      el("button", { type: "button", class: "title", onclick: open }, passage.title || "（无标题）"),
      el("p", { class: "meta" }, [passage.place, issueWords(passage), passage.issue ? "" : dateWords(passage.date), own.map(({ marker }) => `[${marker}]`).join("")].filter(Boolean).join("　")),
      el("p", { class: own.length ? "extract cited" : "extract" }, extract.flat()),
    );
  }

  /** A citation in its article. ``start`` and ``end`` may be left out: then the whole passage is shown. */
  async open(citation, { isThere = false } = {}) {
    const mine = this.begin();
    if (!isThere) this.opened(citation);
    try {
      const { snapshot } = citation;
      const passage = await this.service.get(`v1/passages/${encodeURIComponent(citation.passage_id)}`, { around: 0, snapshot });
      const found = await this.document(passage.document_id, snapshot);
      if (mine !== this.asked) return;
      const start = inside(citation.start, passage) ? citation.start : passage.start;
      const end = inside(citation.end, passage) && citation.end > start ? citation.end : passage.end;
      this.article(found, passage, start, end, snapshot);
    } catch (error) {
      if (mine !== this.asked) return;
      const words = error.status === 404 ? "这段原文已不在资料库里，可能文件已被删除或换成了新的版本。" : error.message;
      this.show(el("h2", { id: TITLE }, "原文"), el("p", { class: "problem" }, words));
    }
  }

  /** A whole document, from its beginning. */
  async whole(documentId) {
    const mine = this.begin();
    try {
      const found = await this.document(documentId);
      if (mine !== this.asked) return;
      this.show(...this.head(found, found.title), el("div", { class: "row" }, this.original(found)), el("div", { class: "article" }, paragraphs(found.text)));
      reveal(this.panel, "nearest");
      this.panel.focus({ preventScroll: true });
    } catch (error) {
      this.show(el("h2", { id: TITLE }, "原文"), el("p", { class: "problem" }, error.message));
    }
  }

  /** Reading begins; the number by which a later wish is told from this one. */
  begin() {
    if (this.panel.hidden || !this.panel.contains(document.activeElement)) this.returnTo = document.activeElement;
    this.isReading = true;
    this.asked += 1;
    this.show(el("h2", { id: TITLE }, "原文"), el("p", { class: "hint" }, "正在打开……"));
    return this.asked;
  }

  /** As it was at the snapshot, if there is one: what was cited stays to be seen when it has been replaced. */
  document(id, snapshot) {
    return this.service.get(`v1/documents/${encodeURIComponent(id)}`, { snapshot });
  }

  head(found, title) {
    const facts = [issueWords(found), dateWords(found.date), found.issuer, found.digest ? "摘编，非原文" : ""];
    return [
      el("h2", { id: TITLE }, title),
      el("p", { class: "meta" }, [...new Set(facts)].filter(Boolean).join("　")),
    ];
  }

  article(found, passage, start, end, snapshot) {
    const article = found.articles.find((one) => one.ordinal === passage.article) ?? { start: 0, end: [...found.text].length };
    const quote = slice(found.text, start, end);
    const reference = passage.reference ?? issueWords(found);
    const body = el("div", { class: "article" }, highlighted(found.text, article, start, end));
    const page = passage.page ? `第 ${passage.page} 页` : "";
    const copyQuote = el("button", { type: "button", class: "main copy" }, "复制引文");
    copyQuote.addEventListener("click", () => copy(`“${quote}”\n${reference}`, copyQuote));
    const copyLink = el("button", { type: "button" }, "复制链接");
    copyLink.addEventListener("click", () => copy(link({ passage_id: passage.id, start, end, snapshot }), copyLink));
    this.show(
      ...this.head(found, passage.title || found.title),
      el("p", { class: "meta" }, [passage.place, passage.heading, page].filter(Boolean).join("　")),
      passage.is_current ? null : this.outdated(passage),
      el("div", { class: "row" }, copyLink, passage.is_current ? this.original(found) : null),
      el("p", { class: "reference" }, reference),
      body,
    );
    // In the bar, which stays in view when the quote is scrolled to.
    this.panel.querySelector(".close").before(copyQuote);
    reveal(body.querySelector("mark"), "center");
    this.panel.focus({ preventScroll: true });
    this.announce(`原文已打开，引文是：${quote}`);
  }

  /** Said of a version that has been replaced since it was cited. */
  outdated(passage) {
    const next = passage.replaced_by && el("button", { type: "button", class: "quiet", onclick: () => this.whole(passage.replaced_by) }, "看新的版本");
    return el("p", { class: "notice" }, "已更新：这份资料后来换了新的版本，这里是作答时的旧版本。", next || null);
  }

  original(found) {
    const button = el("button", { type: "button" }, "下载原文件");
    button.addEventListener("click", async () => {
      try {
        const response = await this.service.send(`v1/documents/${encodeURIComponent(found.id)}/file`);
        save(await response.blob(), fileName(response, found.source_name));
      } catch (error) {
        button.after(el("span", { class: "problem", role: "alert" }, error.message));
      }
    });
    return button;
  }

  show(...content) {
    const back = this.isReading && this.found.passages.length > 0;
    const bar = el(
      "div",
      { class: "bar" },
      back ? el("button", { type: "button", class: "quiet", onclick: () => this.backToList() }, `← ${this.found.name}`) : null,
      el("button", { type: "button", class: "quiet close", onclick: () => this.close() }, "关闭"),
    );
    this.panel.replaceChildren(bar, ...content.filter(Boolean));
    this.panel.hidden = false;
    this.panel.scrollTop = 0;
    document.body.classList.add("reading");
  }
}

const inside = (point, passage) => Number.isInteger(point) && point >= passage.start && point <= passage.end;

function paragraphs(text) {
  return text.split("\n").filter((line) => line.trim()).map((line) => el("p", {}, line));
}

/** The article's lines as paragraphs; what lies between start and end is marked, character for character. */
function highlighted(text, article, start, end) {
  const at = unitOffsets(text, [article.start, article.end, start, end]);
  const [from, to, first, last] = [article.start, article.end, start, end].map((point) => at.get(point));
  const found = [];
  let position = from;
  for (const line of text.slice(from, to).split("\n")) {
    const lineEnd = position + line.length;
    const cut = (a, b) => text.slice(Math.max(a, position), Math.min(b, lineEnd));
    const middle = cut(first, last);
    if (line.trim() || middle)
      found.push(el("p", {}, cut(position, first), middle ? el("mark", { class: "quote" }, middle) : null, first < lineEnd ? cut(Math.max(last, position), lineEnd) : null));
    position = lineEnd + 1;
  }
  return found;
}
