// The conversation: a question, its answer as it streams in, and what can be done with it.

import { AnswerView } from "./answer.js";
import { announce, byId, copy, el, save } from "./dom.js";
import { fileName } from "./service.js";

const MOST_TURNS = 12;

export class Conversation {
  constructor({ service, filters, history, reader, cityOf }) {
    Object.assign(this, { service, filters, history, reader, cityOf });
    this.turns = [];
    this.list = byId("turns");
    this.field = byId("question");
    byId("asking").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.field.addEventListener("keydown", (event) => {
      // While a word is being put together, Enter chooses characters.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.submit();
      }
    });
    this.field.addEventListener("input", () => this.fit());
    byId("stop").addEventListener("click", () => this.stopping?.abort());
  }

  fit() {
    this.field.rows = Math.min(6, Math.max(1, Math.ceil(this.field.scrollHeight / 28), this.field.value.split("\n").length));
  }

  submit() {
    const question = this.field.value.trim();
    if (!question) return this.field.focus();
    this.field.value = "";
    this.field.rows = 1;
    this.ask(question);
  }

  /** Leave the questions so far, to begin anew. */
  reset() {
    this.stopping?.abort();
    this.turns = [];
    this.list.replaceChildren();
    document.body.classList.remove("asked");
    this.reader.found = null;
    this.reader.close();
    this.history.show();
    this.field.focus();
  }

  /** Ask; ``remember`` false where the address already says the question (Back and Forward). */
  async ask(question, { remember = true } = {}) {
    this.stopping?.abort();
    const stopping = (this.stopping = new AbortController());
    if (remember) window.history.pushState({}, "", `?${new URLSearchParams({ q: question })}`);
    this.history.add(question);
    document.body.classList.add("asked");
    document.title = `${question} · 简报问答`;
    const turn = this.begin(question);
    this.busy(true);
    announce(byId("status"), "正在查找");
    try {
      await this.answer(turn, question, stopping.signal);
    } catch (error) {
      if (error.name === "AbortError") turn.state.textContent = "已停止。";
      else this.fail(turn, error, question);
    } finally {
      if (this.stopping === stopping) this.busy(false);
    }
  }

  begin(question) {
    const state = el("p", { class: "state" }, "正在查找……");
    const view = new AnswerView({ open: (citation) => this.reader.open(citation), cityOf: this.cityOf });
    const said = el("div", { class: "understood" });
    const item = el("li", { class: "turn" }, el("h2", {}, question), said, state, view.body);
    this.list.append(item);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    item.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
    return { question, item, state, view, said };
  }

  async answer(turn, question, signal) {
    const asked = { question, history: this.past(), filters: this.filters.value() };
    const response = await this.service.post("v1/query", { ...asked, stream: true }, { signal });
    for await (const { name, data } of this.service.events(response)) {
      if (name === "understood") this.understood(turn, data);
      else if (name === "sentence") {
        turn.state.textContent = "";
        turn.view.add(data);
      } else if (name === "answer") return this.finish(turn, data, asked);
      else if (name === "error") throw new Error(data.error.message);
    }
    throw new Error("回答中断了，没有收完。请再问一次。");
  }

  past() {
    return this.turns.slice(-MOST_TURNS).flatMap(({ question, text }) => [
      { role: "user", content: question },
      { role: "assistant", content: text },
    ]);
  }

  understood(turn, data) {
    turn.view.know(data.passages);
    turn.state.textContent = data.passages.length ? `找到 ${data.passages.length} 段，正在核对……` : "正在核对……";
    const notes = [
      ...data.corrections.map((one) => `已把“${one.found}”当作“${one.read_as}”`),
      this.turns.length && data.standalone_question !== turn.question ? `理解为：${data.standalone_question}` : null,
      ...filterWords(data.filters),
    ];
    turn.said.replaceChildren(...notes.filter(Boolean).map((note) => el("span", { class: "note" }, note)));
    this.reader.list(data.passages);
  }

  finish(turn, reply, asked) {
    turn.state.remove();
    turn.view.finish(reply);
    this.turns.push({ question: turn.question, text: reply.answer.text });
    if (reply.status === "answered") turn.item.append(this.actions(turn, reply, asked));
    this.reader.list(reply.passages);
    const words = reply.status === "answered" ? `已回答，引文 ${reply.citations.length} 条` : "简报中未见，没有作答";
    announce(byId("status"), words);
  }

  actions(turn, reply, asked) {
    const copyAnswer = el("button", { type: "button" }, "复制答案");
    copyAnswer.addEventListener("click", () => copy(turn.view.text(reply), copyAnswer));
    const problem = el("span", { class: "problem", role: "alert" });
    const exporting = (format, label) => {
      const button = el("button", { type: "button" }, label);
      button.addEventListener("click", async () => {
        button.disabled = true;
        problem.textContent = "";
        try {
          const response = await this.service.post("v1/export", { ...asked, citations: true, format });
          save(await response.blob(), fileName(response, `素材.${format}`));
        } catch (error) {
          problem.textContent = error.message;
        } finally {
          button.disabled = false;
        }
      });
      return button;
    };
    const print = el("button", { type: "button", onclick: () => window.print() }, "打印");
    const passages = el("button", { type: "button", onclick: () => this.reader.list(reply.passages) }, `相关段落 ${reply.passages.length}`);
    return el("div", { class: "row actions" }, copyAnswer, exporting("docx", "导出 Word"), exporting("md", "导出 Markdown"), print, passages, problem);
  }

  fail(turn, error, question) {
    const again = el("button", { type: "button", onclick: () => this.ask(question, { remember: false }) }, "再问一次");
    turn.state.replaceWith(el("p", { class: "problem", role: "alert" }, error.message, " ", again));
    announce(byId("status"), "没有答成");
  }

  busy(isBusy) {
    byId("ask").hidden = isBusy;
    byId("stop").hidden = !isBusy;
    if (!isBusy && document.activeElement === document.body) this.field.focus({ preventScroll: true });
  }
}

function filterWords(filters) {
  return [
    ...(filters.years ?? []).map((year) => `只看 ${year}年`),
    ...(filters.issues ?? []).map((issue) => `只看第${issue}期`),
    ...(filters.places ?? []).map((place) => `只看${place}`),
    filters.since || filters.until ? `只看 ${filters.since ?? ""} 至 ${filters.until ?? ""}` : null,
  ];
}
