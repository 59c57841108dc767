// The conversation: a question, its answer as it streams in, and what can be done with it.

import { toTurn } from "./address.js";
import { AnswerView } from "./answer.js";
import { announce, byId, copy, el, reveal, save } from "./dom.js";
import { fileName } from "./service.js";
import { dateWords } from "./text.js";

const MOST_TURNS = 12;
const LINE = 28;
const MOST_LINES = 6;
const FOUND = { answered: "相关段落", no_evidence: "最接近的段落" };

export class Conversation {
  constructor({ service, filters, history, reader, cityOf }) {
    Object.assign(this, { service, filters, history, reader, cityOf });
    this.turns = new Map();
    this.current = null;
    this.begun = 0;
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

  /** The field is as high as what is written in it. */
  fit() {
    this.field.rows = 1;
    const padding = this.field.clientHeight - LINE;
    this.field.rows = Math.min(MOST_LINES, Math.max(1, Math.round((this.field.scrollHeight - padding) / LINE)));
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
    this.clear();
    this.field.focus();
  }

  clear() {
    this.stopping?.abort();
    this.turns.clear();
    this.current = null;
    this.list.replaceChildren();
    document.body.classList.remove("asked");
    this.reader.clear();
    this.history.show();
  }

  /** Back to a turn that is still there, by its key or by what was asked; whether it was. */
  revisit(key, question) {
    const found = this.turns.get(key) ?? (this.current?.question === question ? this.current : null);
    if (!found) return false;
    this.title(found);
    if (found !== this.current) {
      this.reader.clear();
      reveal(found.item, "start");
    }
    this.current = found;
    if (found.reply) this.reader.offer(foundBy(found.reply));
    return true;
  }

  /** Take up the conversation where it was left, as a new step; whether there is one. */
  resume() {
    const { current } = this;
    if (!current) return false;
    toTurn(current.question, current.key);
    return this.revisit(current.key);
  }

  title({ question }) {
    document.title = `${question} · 简报问答`;
  }

  /** Ask; ``isThere`` where the address says the question already. ``ignored`` are filters that the question
   * says and that don't count. */
  async ask(question, { isThere = false, ignored = [] } = {}) {
    this.stopping?.abort();
    const stopping = (this.stopping = new AbortController());
    this.history.add(question);
    document.body.classList.add("asked");
    const turn = this.begin(question, ignored);
    toTurn(question, turn.key, { isThere });
    this.title(turn);
    this.busy(true);
    announce(byId("status"), "正在查找");
    try {
      await this.answer(turn, question, stopping.signal);
    } catch (error) {
      if (error.name === "AbortError") turn.state.replaceWith(el("p", { class: "hint" }, "已停止。"));
      else this.fail(turn, error);
    } finally {
      if (this.stopping === stopping) this.busy(false);
    }
  }

  begin(question, ignored) {
    const state = el("p", { class: "state" }, "正在查找……");
    const said = el("div", { class: "understood" });
    // Unlike any other that the browser's history may hold, those of earlier visits among them.
    const turn = { question, key: `${performance.timeOrigin} ${(this.begun += 1)}`, state, said, ignored, reply: null };
    turn.view = new AnswerView({ open: (citation) => this.open(turn, citation), cityOf: this.cityOf });
    turn.item = el("li", { class: "turn" }, el("h2", {}, question), said, state, turn.view.body);
    this.list.append(turn.item);
    this.turns.set(turn.key, turn);
    this.current = turn;
    this.reader.expect();
    reveal(turn.item, "start");
    return turn;
  }

  /** A citation; the passages of its own answer are what one comes back to from it. */
  open(turn, citation) {
    if (turn.reply) this.reader.found = foundBy(turn.reply);
    this.reader.open(citation);
  }

  async answer(turn, question, signal) {
    const asked = { question, history: this.past(), filters: this.filters.value(), ignore_said: turn.ignored };
    const response = await this.service.post("v1/query", { ...asked, stream: true }, { signal });
    for await (const { name, data } of this.service.events(response)) {
      if (name === "understood") this.understood(turn, data, asked.filters);
      else if (name === "sentence") {
        turn.state.textContent = "";
        turn.view.add(data);
      } else if (name === "answer") return this.finish(turn, data, asked);
      else if (name === "error") throw new Error(data.error.message);
    }
    throw new Error("回答中断了，没有收完。请再问一次。");
  }

  past() {
    const answered = [...this.turns.values()].filter((turn) => turn.reply);
    return answered.slice(-MOST_TURNS).flatMap(({ question, reply }) => [
      { role: "user", content: question },
      { role: "assistant", content: reply.answer.text },
    ]);
  }

  understood(turn, data, chosen) {
    turn.view.know(data.passages);
    turn.state.textContent = data.passages.length ? `找到 ${data.passages.length} 段，正在核对……` : "正在核对……";
    const notes = [
      ...data.corrections.map((one) => `已把“${one.found}”当作“${one.read_as}”`),
      this.turns.size > 1 && data.standalone_question !== turn.question ? `理解为：${data.standalone_question}` : null,
      ...filterWords(chosen),
    ];
    const said = Object.fromEntries(Object.entries(data.filters).filter(([name]) => !chosen[name]));
    turn.said.replaceChildren(
      ...notes.filter(Boolean).map((note) => el("span", { class: "note" }, note)),
      ...saidFilters(said).map(({ names, words }) => {
        const onclick = () => this.again(turn, [...turn.ignored, ...names]);
        return el("button", { type: "button", class: "note", "aria-label": `不限于${words}，重新回答`, onclick }, `只看 ${words} ×`);
      }),
    );
    this.reader.offer({ passages: data.passages, citations: [], name: FOUND.answered, snapshot: "" });
  }

  finish(turn, reply, asked) {
    turn.state.remove();
    turn.view.finish(reply);
    turn.reply = reply;
    turn.item.append(reply.status === "answered" ? this.actions(turn, reply, asked) : this.nearest(reply));
    this.reader.offer(foundBy(reply));
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
    return el("div", { class: "row actions" }, copyAnswer, exporting("docx", "导出 Word"), exporting("md", "导出 Markdown"), print, this.passages(reply), problem);
  }

  /** What was found instead of an answer. */
  nearest(reply) {
    if (!reply.passages.length) return "";
    const words = "没有作答。简报里最接近的原文供参考，不是答案：";
    return el("p", { class: "hint row nearest" }, words, this.passages(reply));
  }

  passages(reply) {
    const label = `${FOUND[reply.status]} ${reply.passages.length}`;
    return el("button", { type: "button", onclick: () => this.reader.bring(foundBy(reply)) }, label);
  }

  fail(turn, error) {
    const again = el("button", { type: "button", onclick: () => this.again(turn) }, "再问一次");
    turn.state.replaceWith(el("p", { class: "problem", role: "alert" }, error.message, " ", again));
    if (turn === this.current) this.reader.clear();
    announce(byId("status"), "没有答成");
  }

  /** The same question once more, at the end. */
  again(turn, ignored = turn.ignored) {
    turn.item.remove();
    this.turns.delete(turn.key);
    this.ask(turn.question, { isThere: turn === this.current, ignored });
  }

  busy(isBusy) {
    byId("ask").hidden = isBusy;
    byId("stop").hidden = !isBusy;
    if (!isBusy && document.activeElement === document.body) this.field.focus({ preventScroll: true });
  }
}

/** What the panel beside shows of an answer. */
function foundBy({ passages, citations, status, snapshot }) {
  return { passages, citations, name: FOUND[status], snapshot };
}

/** What was chosen in the form. */
function filterWords({ years = [], issues = [], places = [] }) {
  return [
    ...years.map((year) => `只看 ${year}年`),
    ...issues.map((issue) => `只看第${issue}期`),
    ...places.map((place) => `只看${place}`),
  ];
}

/** What was read out of the question, in what can be taken off at once: [{names, words}]. */
function saidFilters({ years, issues, document_ids: documents, since, until }) {
  const dates = [dateWords(since), dateWords(until)];
  return [
    years && { names: ["years"], words: years.map((year) => `${year}年`).join("、") },
    issues && { names: ["issues"], words: issues.map((issue) => `第${issue}期`).join("、") },
    documents && { names: ["document_ids"], words: `所说的 ${documents.length} 份简报` },
    (since || until) && { names: ["since", "until"], words: since === until ? dates[0] : dates.join("至") },
  ].filter(Boolean);
}
