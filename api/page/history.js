// Questions asked before, kept in this browser only.

import { byId, el } from "./dom.js";

const NAME = "jianbao.history";
const MOST = 30;
const SHOWN = 8;

export class History {
  constructor(ask) {
    this.ask = ask;
    byId("history-clear").addEventListener("click", () => {
      localStorage.removeItem(NAME);
      this.show();
      byId("question").focus();
    });
  }

  questions() {
    try {
      const kept = JSON.parse(localStorage.getItem(NAME) ?? "[]");
      return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
    } catch {
      return [];
    }
  }

  add(question) {
    const kept = [question, ...this.questions().filter((one) => one !== question)].slice(0, MOST);
    try {
      localStorage.setItem(NAME, JSON.stringify(kept));
    } catch {
      // A full or forbidden store: the page works without.
    }
  }

  show() {
    const kept = this.questions();
    byId("history").hidden = !kept.length;
    byId("history").querySelector("ul").replaceChildren(
      ...kept.slice(0, SHOWN).map((question) => el("li", {}, el("button", { type: "button", onclick: () => this.ask(question) }, question))),
    );
  }
}
