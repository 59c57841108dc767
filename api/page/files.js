// The library: what is in it, putting in, reading again, taking out.

import { announce, byId, confirmed, el } from "./dom.js";
import { dateWords, issueWords } from "./text.js";
import { Uploads } from "./uploads.js";

const PAGE = 20;
const SIFTS = [
  { name: "year", all: "全部年份", options: ({ years }) => years.map((one) => [String(one.year), `${one.year}年（${one.documents}）`]) },
  { name: "issue", all: "全部期号", options: ({ issues }) => issues.map((one) => [one.issue, `第${one.issue}期（${one.documents}）`]) },
  { name: "place", all: "全部地方", options: ({ places }) => places.map((one) => [one.place, `${one.place}（${one.articles} 篇）`]) },
];

export class Files {
  /** ``changed`` is told when the library is another. */
  constructor(service, reader, changed) {
    Object.assign(this, { service, reader, changed });
    this.offset = 0;
    this.asked = 0;
    this.canWrite = false;
    byId("files-search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.load();
    });
    for (const { name } of SIFTS) byId(`files-${name}`).addEventListener("change", () => this.load());
    byId("files-more").addEventListener("click", () => this.load(true));
    this.uploads = new Uploads(service, () => {
      this.changed();
      this.load();
    });
    byId("upload").addEventListener("change", (event) => {
      this.uploads.add([...event.target.files]);
      event.target.value = "";
    });
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
      this.uploads.add([...event.dataTransfer.files]);
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
    for (const { name, all, options } of SIFTS) {
      const select = byId(`files-${name}`);
      const chosen = select.value;
      const found = options(facets);
      select.replaceChildren(...[["", all], ...found].map(([value, words]) => el("option", { value }, words)));
      select.value = found.some(([value]) => value === chosen) ? chosen : "";
    }
  }

  async load(more = false) {
    // Replies may overtake one another: only that to the newest request is shown.
    const mine = ++this.asked;
    this.offset = more ? this.offset : 0;
    const list = byId("files");
    try {
      const sifted = Object.fromEntries(["q", ...SIFTS.map(({ name }) => name)].map((name) => [name, byId(`files-${name}`).value.trim()]));
      const asked = { ...sifted, limit: PAGE, offset: this.offset };
      const page = await this.service.get("v1/documents", asked);
      if (mine !== this.asked) return;
      const rows = page.documents.map((record) => this.row(record));
      if (!more) list.replaceChildren();
      list.append(...rows);
      if (!page.total) list.append(el("li", { class: "hint" }, Object.values(sifted).some(Boolean) ? "没有这样的资料。" : "还没有资料。"));
      this.offset = page.next_offset ?? 0;
      byId("files-more").hidden = page.next_offset === null;
      if (more) rows[0]?.querySelector("button")?.focus();
    } catch (error) {
      if (mine !== this.asked) return;
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
}
