// What the browser keeps. Where it forbids that it throws: then nothing is kept, and the page works without.

/** What ``use`` gives, or null. */
export function kept(use) {
  try {
    return use();
  } catch {
    return null;
  }
}
