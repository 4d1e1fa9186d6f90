/** Places of a phrase, counted from 1, that are asked back to see that it was written down. */
const ASKED = 3;

/**
 * Chooses places by chance, ascending.
 *
 * @param random - a number from 0 to below its argument
 */
export function choosePlaces(words: number, random: (below: number) => number): readonly number[] {
  const left = Array.from({ length: words }, (_, i) => i + 1);
  const chosen = Array.from(
    { length: Math.min(ASKED, words) },
    () => left.splice(random(left.length), 1)[0] ?? 1,
  );
  return chosen.toSorted((a, b) => a - b);
}

/** The places whose word is another one than what was typed; case and spaces around it do not count. */
export function wrongPlaces(phrase: string, typed: ReadonlyMap<number, string>): readonly number[] {
  const words = phrase.split(' ');
  return [...typed].flatMap(([place, word]) =>
    words[place - 1] === word.normalize('NFKD').trim().toLowerCase() ? [] : [place],
  );
}
