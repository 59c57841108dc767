// The key: kept for this visit, or on this machine if the reader says so.

import { byId } from "./dom.js";
import { kept } from "./storage.js";

const NAME = "jianbao.key";

export class Keys {
  constructor() {
    this.dialog = byId("key-dialog");
    this.pending = null;
    this.given = "";
    byId("key-cancel").addEventListener("click", () => this.dialog.close(""));
    byId("key-button").addEventListener("click", () => this.replace());
    byId("key-button").hidden = !this.value;
  }

  get value() {
    return this.given || kept(() => sessionStorage.getItem(NAME) ?? localStorage.getItem(NAME)) || "";
  }

  header() {
    return this.value ? { Authorization: `Bearer ${this.value}` } : {};
  }

  /** Ask for a key; resolves to whether one was given. Several requests at once ask once. */
  ask(wrong) {
    this.pending ??= this.open(wrong).finally(() => (this.pending = null));
    return this.pending;
  }

  async replace() {
    if (await this.ask(false)) location.reload();
  }

  open(wrong) {
    const problem = byId("key-problem");
    problem.hidden = !wrong;
    problem.textContent = wrong ? "密钥不对，或已被撤销。" : "";
    byId("key").value = "";
    this.dialog.returnValue = "";
    this.dialog.showModal();
    byId("key").focus();
    return new Promise((resolve) => {
      this.dialog.addEventListener("close", () => resolve(this.take()), { once: true });
    });
  }

  take() {
    const value = byId("key").value.trim();
    // A header can hold nothing else; a slip of the pen must not look like a broken service.
    if (this.dialog.returnValue !== "ok" || !/^[\x21-\x7e]+$/.test(value)) return false;
    this.given = value;
    kept(() => sessionStorage.removeItem(NAME));
    kept(() => localStorage.removeItem(NAME));
    kept(() => (byId("key-keep").checked ? localStorage : sessionStorage).setItem(NAME, value));
    byId("key-button").hidden = false;
    return true;
  }
}
