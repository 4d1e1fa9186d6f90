/** Words of a name from which on it is found. */
const WORDS_MAX = 8;

/**
 * The texts that a token is found by when somebody types the beginning of one: its symbol, its name, and its name from
 * each further word on, all in lower case. Each once.
 */
export function tokenWords({ symbol, name }: { readonly symbol: string; readonly name: string }): string[] {
  const words = new Set([foldText(symbol)]);
  const folded = foldText(name);
  let from = 0;
  for (let word = 0; word < WORDS_MAX && from < folded.length; word++) {
    words.add(folded.slice(from));
    const space = folded.indexOf(' ', from);
    if (space < 0) break;
    from = space + 1;
  }
  return [...words].filter((word) => word.length > 0);
}

/** A text as it is compared: in lower case, with single spaces, as far as it is well formed. */
export function foldText(text: string): string {
  return text.toWellFormed().toLowerCase().replaceAll('\0', '').replace(/\s+/gu, ' ').trim();
}
