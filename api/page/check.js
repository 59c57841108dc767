// The draft check: the draft with what was found marked in it, and the findings beside their sources.

import { announce, byId, copy, el, reveal, save } from "./dom.js";
import { fileName } from "./service.js";
import { unitOffsets } from "./text.js";

const ORDER = ["inconsistent", "not_found", "consistent"];
const WORDS = { inconsistent: "不一致", not_found: "未见", consistent: "一致" };

export class DraftCheck {
  constructor(service, reader) {
    Object.assign(this, { service, reader });
    this.form = byId("check-form");
    this.file = byId("check-file");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.run();
    });
    this.file.addEventListener("change", () => this.file.files.length && this.run());
    byId("draft").addEventListener("input", () => this.forget());
  }

  forget() {
    this.file.value = "";
    byId("check-name").textContent = "";
  }

  /** The request for what is to be checked, a file before the text. */
  sent(query = "") {
    const file = this.file.files[0];
    if (!file) return this.service.post(`v1/check${query}`, { text: byId("draft").value });
    const body = new FormData();
    body.append("file", file);
    return this.service.send(`v1/check${query}`, { method: "POST", body });
  }

  async run() {
    const result = byId("check-result");
    const file = this.file.files[0];
    if (!file && !byId("draft").value.trim()) {
      byId("draft").focus();
      return;
    }
    byId("check-name").textContent = file?.name ?? "";
    byId("check-run").disabled = true;
    result.replaceChildren(el("p", { class: "state" }, "正在核对……"));
    try {
      this.show(await (await this.sent()).json());
    } catch (error) {
      result.replaceChildren(el("p", { class: "problem", role: "alert" }, error.message));
    } finally {
      byId("check-run").disabled = false;
    }
  }

  show(check) {
    const counts = check.summary.findings;
    const told = ORDER.map((verdict) => `${WORDS[verdict]} ${counts[verdict] ?? 0} 处`).join("，");
    announce(byId("check-status"), `核对完毕：${told}`);
    const list = el("ol", { class: "findings" });
    const filter = el("div", { class: "row", role: "group", "aria-label": "只看哪些" });
    const choose = (verdict, chosen) => {
      for (const button of filter.children) button.setAttribute("aria-pressed", String(button.dataset.verdict === verdict));
      list.replaceChildren(...this.findings(check, verdict));
      const item = chosen && list.children[check.findings.filter((one) => one.verdict === verdict).indexOf(chosen)];
      if (!item) return;
      reveal(item, "center");
      item.focus({ preventScroll: true });
    };
    filter.append(
      ...ORDER.map((verdict) =>
        el("button", { type: "button", class: `verdict ${verdict}`, "data-verdict": verdict, onclick: () => choose(verdict) }, `${WORDS[verdict]} ${counts[verdict] ?? 0}`),
      ),
    );
    const download = el("button", { type: "button" }, "下载批注稿（Word）");
    download.addEventListener("click", () => this.download(download));
    byId("check-result").replaceChildren(
      ...check.warnings.map((warning) => el("p", { class: "notice" }, warning)),
      el("div", { class: "row" }, filter, download),
      el("p", { class: "hint" }, "有绿色下划线的一致。“未见”只是简报没有讲到，不等于写错。点稿件里标出的地方，看它的对照。"),
      el("section", { class: "draft", "aria-label": "标注过的稿件" }, marked(check, (one) => choose(one.verdict, one))),
      el("h2", {}, "逐处对照"),
      list,
    );
    choose(ORDER.find((verdict) => counts[verdict]) ?? "inconsistent");
  }

  findings(check, verdict) {
    const found = check.findings.filter((one) => one.verdict === verdict);
    if (!found.length) return [el("li", { class: "hint" }, `没有${WORDS[verdict]}的。`)];
    return found.map((one) => this.finding(one, check));
  }

  finding(one, check) {
    const differs = one.verdict === "inconsistent" && one.found;
    const source = one.citation && el("button", { type: "button", class: "quiet", onclick: () => this.reader.open({ ...one.citation, snapshot: check.snapshot }) }, `看原文：${one.citation.short_reference}`);
    const fix = differs && el("button", { type: "button", class: "quiet" }, "复制简报写法");
    if (fix) fix.addEventListener("click", () => copy(one.found, fix));
    return el(
      "li",
      { class: one.verdict, id: `finding-${check.findings.indexOf(one)}`, tabIndex: -1 },
      el("p", {}, el("span", { class: `tag ${one.verdict}` }, one.verdict_name), ` ${one.kind_name}：稿中`, el("b", {}, one.text), differs ? ["，简报", el("b", {}, one.found)] : null),
      one.note ? el("p", { class: "hint" }, one.note) : null,
      one.citation ? el("blockquote", {}, one.citation.quote) : null,
      el("div", { class: "row" }, source || null, fix || null),
    );
  }

  async download(button) {
    button.disabled = true;
    try {
      const response = await this.sent("?format=docx");
      save(await response.blob(), fileName(response, "稿件（核稿）.docx"));
    } catch (error) {
      button.after(el("span", { class: "problem", role: "alert" }, error.message));
    } finally {
      button.disabled = false;
    }
  }
}

/** The draft's paragraphs, each finding marked by colour and by words, as a link to what was found. */
function marked(check, go) {
  const findings = [...check.findings].sort((a, b) => a.start - b.start || b.end - a.end);
  const at = unitOffsets(check.text, findings.flatMap((one) => [one.start, one.end]));
  const found = [];
  let paragraph = el("p");
  const put = (text) => {
    text.split("\n").forEach((line, number) => {
      if (number) {
        found.push(paragraph);
        paragraph = el("p");
      }
      paragraph.append(line);
    });
  };
  let last = 0;
  for (const one of findings) {
    const [start, end] = [at.get(one.start), at.get(one.end)];
    if (start < last) continue; // inside another finding
    put(check.text.slice(last, start));
    paragraph.append(mark(one, check.text.slice(start, end), `#finding-${check.findings.indexOf(one)}`, go));
    last = end;
  }
  put(check.text.slice(last));
  found.push(paragraph);
  return found.filter((one) => one.textContent.trim());
}

function mark(one, text, href, go) {
  const note = one.verdict === "inconsistent" && one.found ? `不一致，简报为${one.found}` : one.verdict_name;
  const follow = (event) => {
    event.preventDefault();
    go(one);
  };
  const words = el("small", { class: one.verdict === "consistent" ? "hidden" : "" }, note);
  return el("a", { class: `found ${one.verdict}`, href, onclick: follow }, text, words);
}
