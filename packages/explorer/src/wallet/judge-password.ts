/** How good a password is against somebody who has the sealed file and many machines. */
export interface PasswordJudgement {
  /** In bits, roughly, and rather too few than too many. */
  readonly bits: number;
  readonly word: 'too short' | 'weak' | 'fair' | 'strong';
  /** What to do, as a sentence. */
  readonly advice: string;
}

/** Characters below which no password is taken. */
const PASSWORD_LENGTH_MIN = 8;
/** Characters that can be typed: one class counts as many as it has. */
const CLASSES: readonly (readonly [RegExp, number])[] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/[0-9]/, 10],
  [/[^a-zA-Z0-9]/, 32],
];
/** Bits that a word adds: people choose from some four thousand. */
const BITS_OF_WORD = 12;
/** Beginnings of what everybody tries first. */
const COMMON = /pass|word|qwert|1234|abcd|letme|admin|calin|welcome|secret|dragon|monkey|iloveyou|0000|1111/i;
const FAIR_BITS = 40;
const STRONG_BITS = 60;

/**
 * Judges a password by what whoever guesses would try: words count as words and not as their letters, repetitions and
 * rows count once, and what everybody takes counts little.
 */
export function judgePassword(password: string): PasswordJudgement {
  const text = password.normalize('NFKC');
  const bits = Math.round(
    Math.min(bitsOfCharacters(text), bitsOfWords(text)) * (COMMON.test(text) ? 0.5 : 1),
  );
  if (Array.from(text).length < PASSWORD_LENGTH_MIN)
    return { bits, word: 'too short', advice: `It needs at least ${PASSWORD_LENGTH_MIN} characters.` };
  if (bits < FAIR_BITS)
    return {
      bits,
      word: 'weak',
      advice: 'Whoever gets the file could guess it. Add words that do not belong together.',
    };
  if (bits < STRONG_BITS)
    return { bits, word: 'fair', advice: 'It keeps most people out. One more word would make it strong.' };
  return {
    bits,
    word: 'strong',
    advice: 'Nobody guesses it. Nobody can give it back to you either: do not lose it.',
  };
}

function bitsOfCharacters(text: string): number {
  const alphabet = CLASSES.reduce((sum, [pattern, size]) => (pattern.test(text) ? sum + size : sum), 0);
  const characters = Array.from(text);
  // A character that repeats the one before, or is the next one in a row, is foreseen.
  const fresh = characters.filter((character, i) => {
    const step = (character.codePointAt(0) ?? 0) - (characters[i - 1]?.codePointAt(0) ?? Number.NaN);
    return !(step === 0 || step === 1 || step === -1);
  });
  return new Set(fresh).size === 0 ? 0 : fresh.length * Math.log2(Math.max(2, alphabet));
}

function bitsOfWords(text: string): number {
  const words = text.split(/[^a-zA-Z]+/).filter((word) => word.length >= 3);
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  const isMadeOfWords = words.length > 0 && letters * 1.3 >= text.replaceAll(/\s/g, '').length;
  // Without spaces nobody sees where a word ends: six letters are taken for one.
  const count = words.reduce((sum, word) => sum + Math.max(1, Math.ceil(word.length / 8)), 0);
  const rest = text.replaceAll(/[a-zA-Z\s]/g, '').length;
  return isMadeOfWords ? count * BITS_OF_WORD + rest * 3 : Number.POSITIVE_INFINITY;
}
