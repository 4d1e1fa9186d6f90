import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../base/fuzz.testing.ts';
import { encodeBech32m, parseBech32m } from './bech32m.ts';

const CHARACTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l1bioQPZ \x7fé\u{1f600}';

/**
 * Random and damaged bech32m text: the parser never throws, and what it accepts is, in lower case, exactly what
 * the encoder writes for it. Throws an AssertionError when either fails.
 */
export const fuzz: FuzzTarget = {
  name: 'codec/bech32m',
  run(random, iterations) {
    for (let i = 0; i < iterations; i++) {
      const bytes = random.bytes(random.below(45));
      const good = encodeBech32m(random.pick(['cal', 'tcal', '1x']), bytes);
      const parsed = parseBech32m(good);
      assert(parsed.ok && equalBytes(parsed.value.bytes, bytes), `not read back: ${good}`);
      checkText(damage(good, random));
      checkText(randomText(random));
    }
  },
};

function checkText(text: string): void {
  const parsed = parseBech32m(text);
  if (!parsed.ok) return;
  const again = encodeBech32m(parsed.value.prefix, parsed.value.bytes);
  assert(again === text.toLowerCase(), `accepted "${text}", which is written "${again}"`);
}

function damage(text: string, random: SeededRandom): string {
  const at = random.below(text.length);
  const character = CHARACTERS[random.below(CHARACTERS.length)] as string;
  const kind = random.below(4);
  if (kind === 0) return text.slice(0, at) + character + text.slice(at + 1);
  if (kind === 1) return text.slice(0, at) + text.slice(at + 1);
  if (kind === 2) return text.slice(0, at) + character + text.slice(at);
  return text.slice(0, at) + text.slice(at).toUpperCase();
}

function randomText(random: SeededRandom): string {
  let text = '';
  const length = random.below(100);
  for (let i = 0; i < length; i++) text += CHARACTERS[random.below(CHARACTERS.length)];
  return text;
}
