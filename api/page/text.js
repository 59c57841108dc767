// Places in text. The service counts Unicode code points, JavaScript UTF-16 units: 𠮷 is one and two.

/** The index in UTF-16 units of each code point boundary asked for, in ascending order of code points. */
export function unitOffsets(text, points) {
  const wanted = [...new Set(points)].sort((a, b) => a - b);
  const found = new Map();
  let unit = 0;
  let point = 0;
  for (const boundary of wanted) {
    while (point < boundary && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      point += 1;
    }
    found.set(boundary, unit);
  }
  return found;
}

/** text[start:end] by code points. */
export function slice(text, start, end) {
  const at = unitOffsets(text, [start, end]);
  return text.slice(at.get(start), at.get(end));
}

/** Text as pieces {text, isInside}, cut at [start, end] pairs of code points, which may overlap. */
export function cut(text, spans) {
  const inside = spans.map(([start, end]) => [Math.max(0, start), Math.max(0, end)]);
  const at = unitOffsets(text, inside.flat());
  const units = inside.map((span) => span.map((point) => at.get(point)));
  const edges = [...new Set([0, ...units.flat(), text.length])].sort((a, b) => a - b);
  return edges.slice(1).map((end, index) => ({
    text: text.slice(edges[index], end),
    isInside: units.some((span) => span[0] <= edges[index] && end <= span[1]),
  }));
}

/** A sentence of an answer as pieces: {text} and {marker}; only markers that are its own count. */
export function pieces(text, markers) {
  const own = new Set(markers);
  const found = [];
  let last = 0;
  for (const match of text.matchAll(/\[(\d+)\]/g)) {
    const marker = Number(match[1]);
    if (!own.has(marker)) continue;
    if (match.index > last) found.push({ text: text.slice(last, match.index) });
    found.push({ marker });
    last = match.index + match[0].length;
  }
  if (last < text.length) found.push({ text: text.slice(last) });
  return found;
}

/** Text as pieces {text, hit} where hit marks the words, longest first. */
export function marked(text, words) {
  const wanted = words.filter(Boolean).sort((a, b) => b.length - a.length);
  if (!wanted.length) return [{ text, hit: false }];
  const pattern = new RegExp(wanted.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "giu");
  const found = [];
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > last) found.push({ text: text.slice(last, match.index), hit: false });
    found.push({ text: match[0], hit: true });
    last = match.index + match[0].length;
  }
  if (last < text.length) found.push({ text: text.slice(last), hit: false });
  return found;
}

/** 2025-11-30 as 2025年11月30日; empty for none. */
export function dateWords(date) {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date ?? "");
  return match ? `${match[1]}年${Number(match[2])}月${Number(match[3])}日` : "";
}

/** 《刊名》2025年第20期, as far as it is known. */
export function issueWords(record) {
  return record.series ? `《${record.series}》${numberWords(record)}` : record.title ?? "";
}

/** 2025年第20期, as far as it is known. */
export function numberWords({ date, issue }) {
  return `${date ? `${date.slice(0, 4)}年` : ""}${issue ? `第${issue}期` : ""}`;
}
