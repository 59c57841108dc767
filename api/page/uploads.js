// Files on their way into the library: one request after another, so that many files are no larger a request
// than one, each can be given up, and a busy service is waited for.

import { announce, byId, el } from "./dom.js";

const OUTCOMES = { added: "已收入", replaced: "已更新", unchanged: "已有，未变" };
const BUSY = [429, 503];

export class Uploads {
  /** ``changed`` is told when files have gone in. */
  constructor(service, changed) {
    Object.assign(this, { service, changed });
    this.waiting = [];
    this.running = null;
    window.addEventListener("beforeunload", (event) => {
      if (this.running) event.preventDefault(); // the browser asks whether to leave what isn't sent yet
    });
  }

  add(files) {
    if (!files.length) return;
    if (!this.running) byId("uploads").replaceChildren();
    const rows = files.map((file) => new Row(file));
    byId("uploads").append(...rows.map((row) => row.item));
    this.waiting.push(...rows);
    this.running ??= this.run().finally(() => (this.running = null));
  }

  async run() {
    const ended = [];
    for (let row = this.waiting.shift(); row; row = this.waiting.shift()) {
      if (!row.done) await this.send(row);
      ended.push(row);
    }
    announce(byId("upload-status"), `上传结束：收入 ${ended.filter((row) => row.ok).length} 份，共 ${ended.length} 份`);
    this.changed();
  }

  async send(row) {
    while (!row.done) {
      const body = new FormData();
      body.append("files", row.file);
      const { signal } = row.stopping;
      try {
        const response = await this.service.send("v1/documents", { method: "POST", body, headers: { Accept: "text/event-stream" }, signal });
        for await (const { name, data } of this.service.events(response)) row.take(name, data);
        if (!row.done) row.end("没有收入", "连接中断了，请再传一次。");
      } catch (error) {
        if (row.done) return;
        if (!BUSY.includes(error.status) || !error.retryAfter) return row.end("没有收入", error.message);
        row.state.textContent = "服务正忙，稍等再传……";
        await new Promise((resolve) => setTimeout(resolve, 1000 * error.retryAfter));
      }
    }
  }
}

class Row {
  constructor(file) {
    Object.assign(this, { file, done: false, ok: false, stopping: new AbortController() });
    this.bar = el("progress", { "aria-label": `${file.name} 的进度`, max: 1, value: 0 });
    this.state = el("span", { class: "hint" }, "等待");
    this.cancel = el("button", { type: "button", class: "quiet", "aria-label": `取消 ${file.name}`, onclick: () => this.giveUp() }, "取消");
    this.item = el("li", {}, el("span", { class: "name" }, file.name), this.bar, this.state, this.cancel);
  }

  take(name, data) {
    if (name === "file") {
      this.bar.removeAttribute("value");
      this.state.textContent = "正在读取……";
    } else if (name === "page") {
      this.bar.value = data.page / data.pages;
      this.state.textContent = `第 ${data.page} 页，共 ${data.pages} 页`;
    } else if (name === "document") this.end(OUTCOMES[data.status] ?? data.status, `${data.passages} 段`, true);
    else if (name === "skipped") this.end("没有收入", data.reason);
    else if (name === "error" && !this.done) this.end("没有收入", data.error.message);
    else if (name === "report")
      for (const { message } of data.warnings ?? []) this.item.append(el("p", { class: "notice" }, message));
  }

  giveUp() {
    this.end("已取消");
    this.stopping.abort();
  }

  end(words, note = "", ok = false) {
    Object.assign(this, { done: true, ok });
    this.bar.remove();
    this.cancel.remove();
    this.item.className = ok ? "good" : "bad";
    this.state.className = ok ? "hint" : "problem";
    this.state.textContent = [words, note].filter(Boolean).join("，");
  }
}
