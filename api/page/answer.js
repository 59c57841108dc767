// An answer on the page: its sentences with chips, as they come; then as a table where it is a list.

import { chart } from "./chart.js";
import { el } from "./dom.js";
import { issueWords, numberWords, pieces } from "./text.js";

const REWRITTEN = "改写";
const ROW_WORDS = { sure: "确有", doubtful: "存疑" };

/** Chips open a citation: ``open(citation)``. */
export class AnswerView {
  constructor({ open, cityOf }) {
    this.open = open;
    this.cityOf = cityOf;
    this.citations = new Map();
    this.passages = new Map();
    this.body = el("div", { class: "answer" });
    this.rewritten = false;
    this.snapshot = "";
  }

  /** Passages tell which issue a citation is of. */
  know(passages) {
    for (const passage of passages ?? []) this.passages.set(passage.id, passage);
  }

  /** One piece of the text; ``sentence`` is null for what claims nothing (简报中未见……). */
  add({ text, sentence, citations }) {
    for (const citation of citations) this.citations.set(citation.marker, citation);
    if (text.startsWith("\n") || !this.paragraph) {
      this.paragraph = el("p");
      this.body.append(this.paragraph);
    }
    const clean = text.replace(/^\n+/, "");
    if (sentence) this.paragraph.append(this.sentence(clean, sentence));
    else this.paragraph.append(el("span", { class: "unseen" }, clean));
  }

  sentence(text, { citations, wording }) {
    const isRewritten = wording === "rewritten";
    this.rewritten ||= isRewritten;
    return el(
      "span",
      { class: isRewritten ? "sentence rewritten" : "sentence" },
      isRewritten ? rewrittenTag() : null,
      pieces(text, citations).map((piece) => (piece.marker ? this.chip(piece.marker) : piece.text)),
    );
  }

  chip(marker) {
    const citation = this.citations.get(marker);
    const where = citation?.short_reference ?? "";
    return el(
      "button",
      {
        type: "button",
        class: "chip",
        "data-marker": String(marker),
        "aria-label": `引文${marker}，${where}，看原文`,
        title: citation ? `${where}\n${citation.quote}` : "",
        onclick: () => citation && this.open({ ...citation, snapshot: this.snapshot }),
      },
      String(marker),
    );
  }

  /** The whole answer has come: what it ends with, and a list as a table. */
  finish(reply) {
    this.snapshot = reply.snapshot;
    for (const citation of reply.citations) this.citations.set(citation.marker, citation);
    this.know(reply.passages);
    const rows = [
      ...(reply.items ?? []).map((item) => ({ ...item, kind: "sure" })),
      ...(reply.doubtful ?? []).map((item) => ({ ...item, kind: "doubtful" })),
    ];
    if (reply.status === "answered" && rows.length > 1) this.table(reply, rows);
    this.body.classList.toggle("refused", reply.status !== "answered");
    if (reply.coverage?.note) this.body.append(el("p", { class: "coverage" }, reply.coverage.note));
    if (this.rewritten)
      this.body.append(el("p", { class: "legend" }, "标“改写”的是归纳，其余都是简报原话；数字都在所引的原文里。"));
    for (const notice of reply.notices ?? []) this.body.append(el("p", { class: "notice" }, notice));
    if (reply.rejected?.length) this.body.append(this.rejected(reply.rejected));
    if (reply.citations.length) this.body.append(references(reply.citations));
  }

  rejected(rejected) {
    return el(
      "details",
      { class: "notice" },
      el("summary", {}, `${rejected.length} 句没有通过核对，未写入答案`),
      el("ul", {}, rejected.map((one) => el("li", {}, `${one.text}（${one.reason}）`))),
    );
  }

  table(reply, rows) {
    // Rows replace the paragraphs that say the same; what else the answer says stays.
    const beginnings = rows.flatMap(({ place }) => [`${place}：`, `存疑，${place}：`]);
    for (const paragraph of [...this.body.children]) {
      const isRewritten = paragraph.querySelector(".rewritten") !== null;
      const text = isRewritten ? paragraph.textContent.replace(REWRITTEN, "") : paragraph.textContent;
      if (!beginnings.some((beginning) => text.startsWith(beginning))) continue;
      for (const row of rows) if (isRewritten && text.includes(row.text)) row.isRewritten = true;
      paragraph.remove();
    }
    const lead = this.body.firstElementChild;
    const hasOutcome = 2 * rows.filter((row) => row.outcome).length >= rows.length;
    const heads = ["地方", "做法", ...(hasOutcome ? ["成效"] : []), "出处"];
    const table = el(
      "table",
      { class: "list" },
      el("caption", { class: "hidden" }, `${rows.length} 个地方`),
      el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, rows.map((row) => this.row(row, hasOutcome, reply.intent === "list"))),
    );
    const picture = chart(rows, { cityOf: this.cityOf, yearOf: (row) => this.yearOf(row) });
    const made = [picture, table].filter(Boolean);
    if (lead) lead.after(...made);
    else this.body.append(...made);
  }

  row(row, hasOutcome, isJudged) {
    const chips = row.citations.map((marker) => this.chip(marker));
    return el(
      "tr",
      { class: row.kind },
      el("th", { scope: "row" }, row.place, isJudged || row.label ? el("span", { class: `tag ${row.kind}` }, row.label || ROW_WORDS[row.kind]) : null),
      el("td", { "data-head": "做法" }, row.isRewritten ? el("span", { class: "rewritten" }, rewrittenTag(), row.text) : row.text),
      hasOutcome ? el("td", { "data-head": "成效" }, row.outcome || "—") : null,
      el("td", { "data-head": "出处", class: "source" }, this.issue(row), " ", chips),
    );
  }

  issue(row) {
    const citation = this.citations.get(row.citations[0]);
    const passage = citation && this.passages.get(citation.passage_id);
    if (!passage) return citation?.short_reference ?? "";
    // The chip beside it says the whole; a name that stands in every row says nothing.
    const isOneSeries = new Set([...this.passages.values()].map(({ series }) => series)).size === 1;
    return isOneSeries && passage.issue ? numberWords(passage) : issueWords(passage);
  }

  yearOf(row) {
    const citation = this.citations.get(row.citations[0]);
    const date = citation && this.passages.get(citation.passage_id)?.date;
    return date ? date.slice(0, 4) : null;
  }

  /** The answer as text to paste: with markers, and the references below. */
  text(reply) {
    const lines = reply.citations.map((one) => `[${one.marker}] “${one.quote}”——${one.short_reference}`);
    return [reply.answer.text, "", ...lines].join("\n").trim();
  }
}

/** The quotes with their references, for paper: on the screen the chips open them. */
function references(citations) {
  return el("ol", { class: "references" }, citations.map((one) => el("li", { value: one.marker }, `“${one.quote}”${one.reference}`)));
}

function rewrittenTag() {
  return el("span", { class: "tag", title: "这一句是归纳，不是原话" }, REWRITTEN);
}
