/** A page as the index of the search has it: its address, its title, and its places with their anchors. */
export type IndexedPage = readonly [
  url: string,
  title: string,
  places: readonly (readonly [string, string])[],
];

/** Something that a search has found. */
export interface FoundPlace {
  readonly url: string;
  readonly title: string;
  /** The place on the page; the page itself when left out. */
  readonly place?: string;
}

/** No more than can be taken in. */
const FOUND_MAX = 12;

/**
 * Finds pages by their titles and places by their headings: every word of the text has to occur. What begins with the
 * text comes first, titles come before headings, and short ones before long ones.
 */
export function findPages(index: readonly IndexedPage[], text: string): readonly FoundPlace[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const words = wanted.split(/\s+/);
  const found: { readonly one: FoundPlace; readonly rank: number }[] = [];
  for (const [url, title, places] of index) {
    const rank = rankOf(title, title, wanted, words);
    if (rank !== undefined) found.push({ one: { url, title }, rank });
    for (const [place, anchor] of places) {
      const below = rankOf(place, `${title} ${place}`, wanted, words);
      // A heading is found for its own words; those of the title only help.
      if (below === undefined || !words.some((word) => place.toLowerCase().includes(word))) continue;
      // There are hundreds of rules: they come after what is written about a thing, unless one is named in full.
      const isRule = anchor.includes('/') && !wanted.includes('/');
      found.push({ one: { url: `${url}#${anchor}`, title, place }, rank: below + (isRule ? 4 : 1) });
    }
  }
  return found
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, FOUND_MAX)
    .map(({ one }) => one);
}

function rankOf(name: string, all: string, wanted: string, words: readonly string[]): number | undefined {
  const [low, lowAll] = [name.toLowerCase(), all.toLowerCase()];
  if (!words.every((word) => lowAll.includes(word))) return undefined;
  const fit = low === wanted ? 0 : low.startsWith(wanted) ? 2 : low.includes(wanted) ? 4 : 6;
  return fit + Math.min(name.length, 100) / 100;
}
