// Bars of a list answer: how many places of each city, or of each year. Only where that says more than the
// table: several groups, and one of them with three places or more.

import { el, svg } from "./dom.js";

const MOST_BARS = 14;
const LEAST_MOST = 3;

export function chart(rows, { cityOf, yearOf }) {
  const sure = rows.filter((row) => row.kind === "sure");
  const pictures = [
    bars("各市有几地", count(sure, (row) => cityOf(row.place)), (a, b) => b[1] - a[1]),
    bars("各年有几地", count(sure, yearOf), (a, b) => a[0].localeCompare(b[0])),
  ].filter(Boolean);
  return pictures.length ? el("div", { class: "charts" }, pictures) : null;
}

function count(rows, groupOf) {
  const counts = new Map();
  for (const row of rows) {
    const group = groupOf(row);
    if (group) counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return counts;
}

function bars(title, counts, order) {
  const groups = [...counts].sort(order).slice(0, MOST_BARS);
  const most = Math.max(...groups.map(([, number]) => number), 0);
  if (groups.length < 2 || most < LEAST_MOST) return null;
  const height = 26;
  const words = `${title}：${groups.map(([name, number]) => `${name}${number}`).join("，")}`;
  const picture = svg("svg", {
    viewBox: `0 0 320 ${groups.length * height}`,
    role: "img",
    "aria-label": words,
    class: "bars",
  });
  groups.forEach(([name, number], index) => {
    const y = index * height;
    const width = (190 * number) / most;
    const label = svg("text", { x: 84, y: y + 17, "text-anchor": "end", class: "name" });
    label.textContent = name;
    const value = svg("text", { x: 98 + width, y: y + 17, class: "value" });
    value.textContent = String(number);
    picture.append(label, svg("rect", { x: 92, y: y + 5, width, height: 16, rx: 3 }), value);
  });
  return el("figure", {}, el("figcaption", {}, title), picture);
}
