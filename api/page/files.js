// The library: what is in it, putting in, reading again, taking out.

import { announce, byId, confirmed, el } from "./dom.js";
import { dateWords, issueWords } from "./text.js";

const PAGE = 20;
const OUTCOMES = { added: "已收入", replaced: "已更新", unchanged: "已有，未变" };

export class Files {
  /** ``changed`` is told when the library is another. */
  constructor(service, reader, changed) {
    Object.assign(this, { service, reader, changed });
    this.offset = 0;
    this.canWrite = false;
    byId("files-search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.load();
    });
    byId("files-year").addEventListener("change", () => this.load());
    byId("files-more").addEventListener("click", () => this.load(true));
    byId("upload").addEventListener("change", (event) => this.upload([...event.target.files]));
    this.takeDrops(byId("drop"));
  }

  takeDrops(box) {
    const over = (isOver) => (event) => {
      event.preventDefault();
      box.classList.toggle("over", isOver);
    };
    box.addEventListener("dragover", over(true));
    box.addEventListener("dragleave", over(false));
    box.addEventListener("drop", (event) => {
      over(false)(event);
      this.upload([...event.dataTransfer.files]);
    });
  }

  allow(canWrite) {
    this.canWrite = canWrite;
    byId("drop").hidden = !canWrite;
    byId("first-upload").hidden = !canWrite;
    if (!canWrite) byId("first-words").textContent = "请资料员先放进几期简报，再来提问。";
  }

  use(facets) {
    byId("files-total").textContent = facets.documents ? `共 ${facets.documents} 期，${facets.articles} 篇，讲到 ${facets.places.length} 个地方。` : "还没有资料。";
    const select = byId("files-year");
    const chosen = select.value;
    select.replaceChildren(el("option", { value: "" }, "全部年份"), ...facets.years.map((one) => el("option", { value: String(one.year) }, `${one.year}年（${one.documents}）`)));
    select.value = facets.years.some((one) => String(one.year) === chosen) ? chosen : "";
  }

  async load(more = false) {
    this.offset = more ? this.offset : 0;
    const list = byId("files");
    try {
      const asked = { q: byId("files-q").value.trim(), year: byId("files-year").value, limit: PAGE, offset: this.offset };
      const page = await this.service.get("v1/documents", asked);
      const rows = page.documents.map((record) => this.row(record));
      if (!more) list.replaceChildren();
      list.append(...rows);
      if (!page.total) list.append(el("li", { class: "hint" }, asked.q || asked.year ? "没有这样的资料。" : "还没有资料。"));
      this.offset = page.next_offset ?? 0;
      byId("files-more").hidden = page.next_offset === null;
      if (more) rows[0]?.querySelector("button")?.focus();
    } catch (error) {
      list.replaceChildren(el("li", { class: "problem", role: "alert" }, error.message));
    }
  }

  row(record) {
    const problem = el("span", { class: "problem", role: "alert" });
    const item = el("li", {});
    const facts = [dateWords(record.date), `${record.article_count} 篇 ${record.passage_count} 段`, record.digest ? "摘编" : "", record.source_name];
    const name = record.title || issueWords(record);
    item.append(
      el("div", {}, el("button", { type: "button", class: "title", onclick: () => this.reader.whole(record.id) }, name), el("p", { class: "meta" }, facts.filter(Boolean).join("　"))),
      el("div", { class: "row" }, ...(this.canWrite ? this.writing(record, name, item, problem) : []), problem),
    );
    return item;
  }

  writing(record, name, item, problem) {
    const path = `v1/documents/${encodeURIComponent(record.id)}`;
    const act = (button, work) => async () => {
      button.disabled = true;
      problem.textContent = "";
      try {
        await work();
      } catch (error) {
        problem.textContent = error.message;
      } finally {
        button.disabled = false;
      }
    };
    const reread = el("button", { type: "button", class: "quiet", "aria-label": `重读 ${name}` }, "重读");
    reread.addEventListener("click", act(reread, async () => {
      const report = await (await this.service.send(`${path}/reread`, { method: "POST" })).json();
      const changed = report.documents?.some((one) => one.status !== "unchanged") ?? true;
      reread.textContent = changed ? "已重读，有变化" : "已重读，未变";
      if (changed) this.changed();
    }));
    const remove = el("button", { type: "button", class: "quiet danger", "aria-label": `删除 ${name}` }, "删除");
    remove.addEventListener("click", async () => {
      byId("sure-text").textContent = `《${name}》连同它的段落和所存的原文件都会删掉，不能恢复。`;
      if (!(await confirmed(byId("sure-dialog")))) return remove.focus();
      await act(remove, async () => {
        await this.service.send(path, { method: "DELETE" });
        item.remove();
        announce(byId("upload-status"), `已删除${name}`);
        this.changed();
      })();
    });
    return [reread, remove];
  }

  async upload(files) {
    if (!files.length) return;
    const rows = new Map(files.map((file, index) => [index + 1, this.progress(file.name)]));
    byId("uploads").replaceChildren(...[...rows.values()].map((row) => row.item));
    byId("upload").value = "";
    const body = new FormData();
    for (const file of files) body.append("files", file);
    try {
      const response = await this.service.send("v1/documents", { method: "POST", body, headers: { Accept: "text/event-stream" } });
      await this.follow(response, rows);
    } catch (error) {
      for (const row of rows.values()) if (!row.done) row.end("没有收入", error.message);
    }
    const ended = [...rows.values()];
    announce(byId("upload-status"), `上传结束：收入 ${ended.filter((row) => row.ok).length} 份，共 ${ended.length} 份`);
    this.changed();
    this.load();
  }

  async follow(response, rows) {
    let current = null;
    for await (const { name, data } of this.service.events(response)) {
      if (name === "file") {
        current = rows.get(data.number);
        current?.working();
      } else if (name === "page") current?.page(data.page, data.pages);
      else if (name === "document") current?.end(OUTCOMES[data.status] ?? data.status, `${data.passages} 段`, true);
      else if (name === "skipped") current?.end("没有收入", data.reason);
      else if (name === "report") for (const warning of data.warnings ?? []) this.warn(rows, warning);
      else if (name === "error") for (const row of rows.values()) if (!row.done) row.end("没有收入", data.error.message);
    }
    for (const row of rows.values()) if (!row.done) row.end("没有收入", "连接中断了，请再传一次。");
  }

  warn(rows, warning) {
    const row = [...rows.values()].find((one) => one.name === warning.source_name);
    row?.item.append(el("p", { class: "notice" }, warning.message));
  }

  progress(name) {
    const bar = el("progress", { "aria-label": `${name} 的进度`, max: 1, value: 0 });
    const state = el("span", { class: "hint" }, "等待");
    const item = el("li", {}, el("span", { class: "name" }, name), bar, state);
    const row = { name, item, done: false, ok: false };
    row.working = () => {
      bar.removeAttribute("value");
      state.textContent = "正在读取……";
    };
    row.page = (page, pages) => {
      bar.value = page / pages;
      state.textContent = `第 ${page} 页，共 ${pages} 页`;
    };
    row.end = (words, note = "", ok = false) => {
      Object.assign(row, { done: true, ok });
      bar.remove();
      item.className = ok ? "good" : "bad";
      state.className = ok ? "hint" : "problem";
      state.textContent = [words, note].filter(Boolean).join("，");
    };
    return row;
  }
}
