// Narrowing a question by year, issue and place, with counts; what is chosen stands beside as chips.

import { byId, el } from "./dom.js";

const KINDS = [
  { name: "years", label: "年份", entries: (facets) => facets.years.map((one) => [one.year, `${one.year}年`, `${one.documents} 期`]) },
  { name: "issues", label: "期号", entries: (facets) => facets.issues.map((one) => [one.issue, `第${one.issue}期`, `${one.documents} 份`]) },
  { name: "places", label: "地方", entries: (facets) => facets.places.map((one) => [one.place, one.place, `${one.articles} 篇`]) },
];
const SEARCH_FROM = 12;

export class FilterBar {
  constructor() {
    this.box = byId("filters");
    this.chosen = { years: [], issues: [], places: [] };
    this.facets = null;
    // Only one menu is open at a time, and a click elsewhere or Escape closes it.
    document.addEventListener("click", (event) => this.closeMenus(event.target));
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      const menu = event.target.closest("details[open]");
      this.closeMenus(null);
      menu?.querySelector("summary").focus();
    });
  }

  closeMenus(target) {
    for (const menu of this.box.querySelectorAll("details[open]")) if (!menu.contains(target)) menu.open = false;
  }

  use(facets) {
    this.facets = facets;
    this.draw();
  }

  /** The filters for a request; empty ones are left out. */
  value() {
    return Object.fromEntries(Object.entries(this.chosen).filter(([, values]) => values.length));
  }

  draw() {
    const menus = KINDS.map((kind) => this.menu(kind)).filter(Boolean);
    this.chips = el("span", { class: "chosen" });
    this.box.replaceChildren(...menus, this.chips);
    this.drawChips();
  }

  menu(kind) {
    const entries = kind.entries(this.facets);
    if (entries.length < 2) return null;
    const rows = entries.map(([value, label, count]) => {
      const input = el("input", { type: "checkbox", checked: this.chosen[kind.name].includes(value) });
      input.addEventListener("change", () => this.toggle(kind.name, value, input.checked));
      return el("label", { class: "choice", "data-label": label }, input, el("span", {}, label), el("span", { class: "count" }, count));
    });
    const search = el("input", { type: "search", placeholder: `查找${kind.label}`, "aria-label": `查找${kind.label}` });
    search.addEventListener("input", () => {
      for (const row of rows) row.hidden = !row.dataset.label.includes(search.value.trim());
    });
    search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    return el(
      "details",
      { class: "menu", ontoggle: (event) => turnAround(event.target) },
      el("summary", {}, kind.label),
      el("div", { class: "options", role: "group", "aria-label": kind.label }, rows.length > SEARCH_FROM ? search : null, el("div", { class: "scroll" }, rows)),
    );
  }

  toggle(name, value, isChosen) {
    const others = this.chosen[name].filter((one) => one !== value);
    this.chosen[name] = isChosen ? [...others, value] : others;
    this.drawChips();
  }

  drawChips() {
    const labels = new Map(KINDS.flatMap((kind) => kind.entries(this.facets).map(([value, label]) => [`${kind.name} ${value}`, label])));
    this.chips.replaceChildren(
      ...Object.entries(this.chosen).flatMap(([name, values]) =>
        values.map((value) => {
          const label = labels.get(`${name} ${value}`) ?? String(value);
          const remove = () => {
            this.toggle(name, value, false);
            this.draw();
          };
          return el("button", { type: "button", class: "filter", "aria-label": `去掉 ${label}`, onclick: remove }, label, " ×");
        }),
      ),
    );
  }
}

/** A menu opens upwards where there is no room below it. */
function turnAround(menu) {
  const below = window.innerHeight - menu.getBoundingClientRect().bottom;
  menu.classList.toggle("up", menu.open && below < menu.querySelector(".options").offsetHeight + 16);
}
