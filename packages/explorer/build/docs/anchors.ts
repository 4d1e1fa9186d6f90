/**
 * Names the headings of one page as GitHub names them, so that a link leads to the same place on the forge and here:
 * small letters, punctuation left out, spaces as hyphens, and a number behind a name that was there before.
 */
export class Anchors {
  readonly #known = new Set<string>();

  /** The anchor of the next heading, by its text without marks. */
  next(title: string): string {
    const name = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
    let anchor = name;
    for (let i = 1; this.#known.has(anchor); i++) anchor = `${name}-${i}`;
    this.#known.add(anchor);
    return anchor;
  }
}
