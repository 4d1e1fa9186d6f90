import { AssertionError, assert } from '@calin/core/base/assert.ts';
import type { FuzzTarget, SeededRandom } from '@calin/core/base/fuzz.testing.ts';
import { hashInPlaceOfArgon2id, SECRET_KEY, testOptions } from './keystore.testing.ts';
import { openKeystore, sealKeystore } from './keystore.ts';
import { formatKeystoreFile, kdfFault, parseKeystoreFile } from './keystore-file.ts';

const PIECES = [
  '"',
  '{',
  '}',
  ',',
  ':',
  '0',
  '9',
  '-1',
  '1e9',
  'null',
  '[]',
  '{}',
  'a',
  'f',
  '\\u0000',
  '__proto__',
  ' ',
  '\n',
];

/**
 * Damaged key files: the parser never throws, what it accepts stays within the limits and is written back the
 * same, and a file that says anything else than the one that was sealed does not open.
 */
export const fuzz: FuzzTarget = {
  name: 'keystore/file',
  async run(random, iterations) {
    const options = testOptions(hashInPlaceOfArgon2id);
    const secret = { kind: 'secret-key', secretKey: SECRET_KEY } as const;
    const sealed = await sealKeystore(secret, 'correct', { ...options, name: 'a', createdAtMs: 1 });
    assert(sealed.ok, 'sealed');
    const text = formatKeystoreFile(sealed.value);
    for (let i = 0; i < iterations; i++) {
      let damaged = text;
      for (let k = 0; k <= random.below(3); k++) damaged = damage(damaged, random);
      await checkText(damaged, text);
    }
  },
};

async function checkText(text: string, original: string): Promise<void> {
  const parsed = parseKeystoreFile(text);
  if (!parsed.ok) return;
  const again = formatKeystoreFile(parsed.value);
  const reparsed = parseKeystoreFile(again);
  assert(reparsed.ok && formatKeystoreFile(reparsed.value) === again, `not read back: ${again}`);
  assert(kdfFault(parsed.value.kdf) === undefined, `outside the limits: ${again}`);
  const opened = await openKeystore(parsed.value, 'correct', { argon2id: hashInPlaceOfArgon2id });
  if (opened.ok === (again === original)) return;
  throw new AssertionError(`${opened.ok ? 'opened' : 'refused'}: ${text}`);
}

function damage(text: string, random: SeededRandom): string {
  const at = random.below(text.length + 1);
  const rest = text.slice(at + random.below(4));
  const kind = random.below(5);
  if (kind === 0) return text.slice(0, at) + random.pick(PIECES) + text.slice(at);
  if (kind === 1) return text.slice(0, at) + random.pick(PIECES) + rest;
  if (kind === 2) return text.slice(0, at) + rest;
  // Digits, of hexadecimal and of numbers, are where a change stays well formed.
  const digits = [...text.matchAll(/[0-9a-f]/g)];
  const digit = random.pick(digits).index;
  return text.slice(0, digit) + random.pick([...'0123456789abcdef']) + text.slice(digit + 1);
}
