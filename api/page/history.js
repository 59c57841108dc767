// Questions asked before, kept in this browser only.

import { byId, el } from "./dom.js";
import { kept } from "./storage.js";

const NAME = "jianbao.history";
const MOST = 30;
const SHOWN = 8;

export class History {
  constructor(ask) {
    this.ask = ask;
    byId("history-clear").addEventListener("click", () => {
      kept(() => localStorage.removeItem(NAME));
      this.show();
      byId("question").focus();
    });
  }

  questions() {
    const found = kept(() => JSON.parse(localStorage.getItem(NAME)));
    return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
  }

  add(question) {
    const questions = [question, ...this.questions().filter((one) => one !== question)].slice(0, MOST);
    kept(() => localStorage.setItem(NAME, JSON.stringify(questions)));
  }

  show() {
    const questions = this.questions();
    byId("history").hidden = !questions.length;
    byId("history").querySelector("ul").replaceChildren(
      ...questions.slice(0, SHOWN).map((question) => el("li", {}, el("button", { type: "button", onclick: () => this.ask(question) }, question))),
    );
  }
}
