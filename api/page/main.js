// The page's parts, made once and put together; tabs and addresses.

import { leavePassage, read, TABS, toPassage, toTab } from "./address.js";
import { Conversation } from "./ask.js";
import { DraftCheck } from "./check.js";
import { announce, byId, el } from "./dom.js";
import { Files } from "./files.js";
import { FilterBar } from "./filters.js";
import { History } from "./history.js";
import { Keys } from "./keys.js";
import { Reader } from "./reader.js";
import { Service } from "./service.js";

function start() {
  const service = new Service(new Keys());
  const reader = new Reader(byId("reader"), service, {
    announce: (text) => announce(byId("status"), text),
    opened: toPassage,
    closed: leavePassage,
  });
  const filters = new FilterBar();
  let cities = new Map();
  const history = new History((question) => conversation.ask(question));
  const conversation = new Conversation({ service, filters, history, reader, cityOf: (place) => cities.get(place) ?? [...cities].find(([name]) => place.endsWith(name) || name.endsWith(place))?.[1] ?? null });
  const files = new Files(service, reader, () => refresh());
  new DraftCheck(service, reader);

  async function refresh() {
    try {
      const facets = await service.get("v1/facets");
      cities = new Map(facets.places.map((one) => [one.place, one.city]));
      filters.use(facets);
      files.use(facets);
      showExamples(facets, (question) => conversation.ask(question));
      byId("first-use").hidden = facets.documents > 0;
      byId("asking").hidden = facets.documents === 0;
      byId("banner").hidden = true;
    } catch (error) {
      byId("banner").textContent = error.message;
      byId("banner").hidden = false;
    }
  }

  function select(tab) {
    for (const one of TABS) {
      const isChosen = one === tab;
      byId(`tab-${one}`).setAttribute("aria-selected", String(isChosen));
      byId(`tab-${one}`).tabIndex = isChosen ? 0 : -1;
      byId(`view-${one}`).hidden = !isChosen;
    }
    document.title = tab === "ask" ? "简报问答" : `${byId(`tab-${tab}`).textContent} · 简报问答`;
    if (tab === "files") files.load();
  }

  /** To a tab. The conversation is still there on the way back. */
  function go(tab) {
    if (tab === read().tab && !byId(`view-${tab}`).hidden) return;
    reader.clear();
    select(tab);
    if (tab === "ask" && conversation.resume()) return;
    toTab(tab);
    if (tab === "ask") conversation.reset();
  }

  function begin() {
    toTab("ask");
    document.title = "简报问答";
    conversation.reset();
  }

  /** Show what the address says. */
  function follow() {
    const { tab, question, passage, turn } = read();
    const isOther = byId(`view-${tab}`).hidden;
    if (isOther) reader.clear();
    select(tab);
    if (tab === "ask" && !conversation.revisit(turn, question)) {
      if (question) conversation.ask(question, { isThere: true });
      else if (passage) conversation.clear();
      else conversation.reset();
    }
    if (passage) reader.open(passage, { isThere: true });
    else reader.leave();
  }

  byId("tab-ask").parentElement.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = TABS.indexOf(document.activeElement.id.replace("tab-", ""));
    if (!step || at < 0) return;
    event.preventDefault();
    const next = TABS[(at + step + TABS.length) % TABS.length];
    go(next);
    byId(`tab-${next}`).focus();
  });
  for (const tab of TABS) byId(`tab-${tab}`).addEventListener("click", () => go(tab));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !byId("reader").hidden && !document.querySelector("dialog[open], details.menu[open]")) reader.close();
  });
  byId("fresh").addEventListener("click", begin);
  byId("first-upload").addEventListener("click", () => go("files"));
  // Where a step back leads is scrolled to by what is there; the browser only knows how far down it was.
  window.history.scrollRestoration = "manual";
  window.addEventListener("popstate", follow);
  history.show();
  refresh().then(async () => {
    follow();
    files.allow((await service.get("v1/access").catch(() => ({ role: "reader" }))).role === "editor");
    if (!byId("view-files").hidden) files.load();
  });
}

/** Questions that this library can answer, whatever is in it. */
function showExamples(facets, ask) {
  const [year, place] = [facets.years[0]?.year, facets.places[0]?.place];
  const issue = facets.issues.at(-1)?.issue;
  const questions = [
    "哪些县做了新就业群体服务",
    year && issue ? `第${issue}期介绍了哪些地方的经验` : null,
    place ? `${place}有哪些做法` : null,
    year ? `${year}年哪些地方开展了志愿服务` : null,
  ].filter(Boolean);
  byId("examples").hidden = !facets.documents;
  byId("examples").querySelector("ul").replaceChildren(
    ...questions.map((question) => el("li", {}, el("button", { type: "button", onclick: () => ask(question) }, question))),
  );
}

start();
