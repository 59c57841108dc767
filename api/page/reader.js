// The panel beside the answer: the passages that were found, or one citation in its article, in place.

import { copy, el, save } from "./dom.js";
import { fileName } from "./service.js";
import { dateWords, issueWords, marked, slice, unitOffsets } from "./text.js";

export class Reader {
  constructor(panel, service, announce) {
    this.panel = panel;
    this.service = service;
    this.announce = announce;
    this.documents = new Map();
    this.found = null;
    this.asked = 0;
  }

  close() {
    this.panel.hidden = true;
    this.panel.replaceChildren();
    document.body.classList.remove("reading");
    this.returnTo?.isConnected && this.returnTo.focus();
  }

  /** The passages of an answer. */
  list(passages) {
    this.found = passages;
    this.asked += 1;
    if (!passages.length) return this.close();
    this.show(
      el("h2", { id: "reader-title" }, `相关段落 ${passages.length} 段`),
      el("ol", { class: "passages" }, passages.map((passage) => this.passage(passage))),
    );
  }

  passage(passage) {
    const open = () => this.open({ passage_id: passage.id, document_id: passage.document_id, start: passage.start, end: passage.end });
    return el(
      "li",
      {},
      el("button", { type: "button", class: "title", onclick: open }, passage.title || "（无标题）"),
      el("p", { class: "meta" }, [passage.place, issueWords(passage), dateWords(passage.date)].filter(Boolean).join("　")),
      el("p", { class: "extract" }, marked(passage.text, passage.matched ?? []).map((piece) => (piece.hit ? el("mark", { class: "word" }, piece.text) : piece.text))),
    );
  }

  /** A citation in its article. ``start`` and ``end`` may be left out: then the whole passage is shown. */
  async open(citation) {
    const mine = ++this.asked;
    if (this.panel.hidden || !this.panel.contains(document.activeElement)) this.returnTo = document.activeElement;
    this.show(el("h2", { id: "reader-title" }, "原文"), el("p", { class: "hint" }, "正在打开……"));
    try {
      const { snapshot } = citation;
      const passage = await this.service.get(`v1/passages/${encodeURIComponent(citation.passage_id)}`, { around: 0, snapshot });
      const found = await this.document(passage.document_id, snapshot);
      if (mine !== this.asked) return;
      const start = inside(citation.start, passage) ? citation.start : passage.start;
      const end = inside(citation.end, passage) && citation.end > start ? citation.end : passage.end;
      this.article(found, passage, start, end, citation);
    } catch (error) {
      if (mine !== this.asked) return;
      const words = error.status === 404 ? "这段原文已不在资料库里，可能文件已被删除或换成了新的版本。" : error.message;
      this.show(el("h2", { id: "reader-title" }, "原文"), el("p", { class: "problem" }, words));
    }
  }

  /** A whole document, from its beginning. */
  async whole(documentId) {
    const mine = ++this.asked;
    this.returnTo = document.activeElement;
    try {
      const found = await this.document(documentId);
      if (mine !== this.asked) return;
      this.show(...this.head(found, found.title), this.original(found), el("div", { class: "article" }, paragraphs(found.text)));
    } catch (error) {
      this.show(el("h2", { id: "reader-title" }, "原文"), el("p", { class: "problem" }, error.message));
    }
  }

  /** As it was at the snapshot, if there is one: what was cited stays to be seen when it has been replaced. */
  document(id, snapshot) {
    return this.service.get(`v1/documents/${encodeURIComponent(id)}`, { snapshot });
  }

  head(found, title) {
    const facts = [issueWords(found), dateWords(found.date), found.issuer, found.digest ? "摘编，非原文" : ""];
    return [
      el("h2", { id: "reader-title" }, title),
      el("p", { class: "meta" }, [...new Set(facts)].filter(Boolean).join("　")),
    ];
  }

  article(found, passage, start, end, citation) {
    const article = found.articles.find((one) => one.ordinal === passage.article) ?? { start: 0, end: [...found.text].length };
    const quote = slice(found.text, start, end);
    const reference = citation.reference ?? "";
    const body = el("div", { class: "article" }, highlighted(found.text, article, start, end));
    const place = passage.page ? `第 ${passage.page} 页` : "";
    const copyQuote = el("button", { type: "button", class: "main" }, "复制引文");
    copyQuote.addEventListener("click", () => copy([`“${quote}”`, reference || issueWords(found)].join("\n"), copyQuote));
    this.show(
      ...this.head(found, passage.title || found.title),
      el("p", { class: "meta" }, [passage.place, passage.heading, place].filter(Boolean).join("　")),
      passage.is_current ? null : this.outdated(passage),
      el("div", { class: "row" }, copyQuote, passage.is_current ? this.original(found) : null),
      reference ? el("p", { class: "reference" }, reference) : null,
      body,
    );
    const mark = body.querySelector("mark");
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    mark?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
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
    const bar = el(
      "div",
      { class: "bar" },
      this.found?.length && content[0]?.textContent !== `相关段落 ${this.found.length} 段`
        ? el("button", { type: "button", class: "quiet", onclick: () => this.list(this.found) }, "← 相关段落")
        : null,
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
