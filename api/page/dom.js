// Making elements. Text of the library only ever becomes text nodes, never HTML.

/** An element with properties and children; strings among the children become text. Properties that begin
 * with "on" are listeners, "class", "data-…", "aria-…" and "role" are attributes. */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "class" || key === "for" || key === "role" || key === "href" || key.includes("-"))
      element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** The same for SVG, where everything is an attribute. */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Scroll to an element, at once for those who want no motion. */
export function reveal(element, block) {
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element?.scrollIntoView({ block, behavior: isCalm ? "auto" : "smooth" });
}

/** Say something to those who listen to the page; empty text first, or the same words aren't said again. */
export function announce(region, text) {
  region.textContent = "";
  region.textContent = text;
}

/** Ask yes or no in a dialog of the page; resolves to whether it was yes. */
export function confirmed(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok"), { once: true });
  });
}

/** Have the browser save a blob. */
export function save(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Copy text; tells on the button whether it worked. Pages of plain http have no clipboard, so the old way
 * is tried too. */
export async function copy(text, button) {
  const label = button.textContent;
  let copied = false;
  try {
    await navigator.clipboard.writeText(text);
    copied = true;
  } catch {
    const area = el("textarea", { value: text, class: "hidden" });
    (button.closest("dialog") ?? document.body).append(area);
    area.select();
    copied = document.execCommand("copy");
    area.remove();
  }
  button.textContent = copied ? "已复制" : "没能复制";
  setTimeout(() => (button.textContent = label), 1600);
}
