// What the address says, and saying it: a tab, a question, a passage. Each of them can be kept, sent and gone
// back to.

export const TABS = ["ask", "check", "files"];
const PASSAGE = ["passage", "start", "end", "snapshot"];

/** {tab, question, passage, turn}; ``turn`` is the key of a turn that this window has shown, if it was one. */
export function read() {
  const address = new URLSearchParams(location.search);
  const number = (name) => (address.has(name) ? Number(address.get(name)) : undefined);
  const passage = { passage_id: address.get("passage"), start: number("start"), end: number("end"), snapshot: address.get("snapshot") ?? "" };
  return {
    tab: TABS.includes(address.get("tab")) ? address.get("tab") : "ask",
    question: (address.get("q") ?? "").slice(0, 2000),
    passage: passage.passage_id ? passage : null,
    turn: history.state?.turn ?? null,
  };
}

export function toTab(tab) {
  history.pushState({}, "", tab === "ask" ? "./" : `?tab=${tab}`);
}

/** A question has been asked; ``isThere`` where the address says it already. */
export function toTurn(question, turn, { isThere = false } = {}) {
  if (isThere) history.replaceState({ ...history.state, turn }, "");
  else history.pushState({ turn }, "", `?${new URLSearchParams({ q: question })}`);
}

/** A passage has been opened beside what is there. One step back leaves it, however many were opened. */
export function toPassage(citation) {
  const address = without(PASSAGE);
  for (const [name, value] of passageParameters(citation)) address.set(name, value);
  const step = history.state?.isReading ? "replaceState" : "pushState";
  history[step]({ ...history.state, isReading: true }, "", `?${address}`);
}

/** The passage has been closed. */
export function leavePassage() {
  if (history.state?.isReading) return history.back();
  const address = String(without(PASSAGE));
  if (`?${address}` !== location.search) history.replaceState(history.state, "", address ? `?${address}` : "./");
}

/** Where a passage can be found from anywhere. */
export function link(citation) {
  return new URL(`./?${passageParameters(citation)}`, document.baseURI).href;
}

function passageParameters({ passage_id, start, end, snapshot }) {
  return new URLSearchParams({ passage: passage_id, start, end, ...(snapshot ? { snapshot } : {}) });
}

function without(names) {
  const address = new URLSearchParams(location.search);
  for (const name of names) address.delete(name);
  return address;
}
