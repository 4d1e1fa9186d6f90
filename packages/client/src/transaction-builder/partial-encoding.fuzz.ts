import { assert } from '@calin/core/base/assert.ts';
import { concatBytes, equalBytes, toHex } from '@calin/core/base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '@calin/core/base/fuzz.testing.ts';
import { testKey } from '@calin/core/ledger/testing/owners.testing.ts';
import { buildTransaction } from './build-transaction.ts';
import { encodePartial, parsePartial } from './partial-encoding.ts';
import { createPartial, finalisePartial, missingParts } from './partial-transaction.ts';
import { signPartial } from './sign-transaction.ts';
import { CHAIN_ID, coin, must, OWNERS, payment, request, signerOf } from './wallet.testing.ts';

/** Inputs for one container: making one costs several signatures. */
const INPUTS_PER_CONTAINER = 200;

/**
 * Damaged partially signed transactions: the parser never throws, what it accepts is written back to the same bytes,
 * and a container that misses nothing can be finished.
 */
export const fuzz: FuzzTarget = {
  name: 'wallet/partial-transaction',
  run(random: SeededRandom, iterations: number): void {
    for (let done = 0; done < iterations; done += INPUTS_PER_CONTAINER) {
      const bytes = container(random);
      const inputs = Math.min(INPUTS_PER_CONTAINER, iterations - done);
      for (let i = 0; i < inputs; i++) tryBytes(damage(bytes, random));
    }
  },
};

function container(random: SeededRandom): Uint8Array {
  const owners = OWNERS.filter(({ name }) => name.endsWith('path 0') && random.oneIn(2));
  const coins = owners.map(({ opening }) => coin(90_000, opening));
  const unsigned = must(
    buildTransaction(request({ mustSpend: coins, coins: [coin(90_000)], outputs: [payment(10)] })),
  );
  let partial = createPartial(unsigned, CHAIN_ID);
  for (let n = 0; n < 8; n++) {
    const signed = signPartial(partial, signerOf(testKey(n)));
    if (signed.ok && random.oneIn(2)) partial = signed.value;
  }
  return encodePartial(partial);
}

function tryBytes(bytes: Uint8Array): void {
  const parsed = parsePartial(bytes);
  if (!parsed.ok) return;
  assert(equalBytes(encodePartial(parsed.value), bytes), `two encodings of one container: ${toHex(bytes)}`);
  const finished = finalisePartial(parsed.value);
  assert(finished.ok === (missingParts(parsed.value).length === 0), 'what misses nothing can be finished');
}

function damage(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  let damaged = bytes;
  for (let round = random.below(3); round > 0; round--) {
    const at = random.below(damaged.length);
    if (random.oneIn(8))
      damaged = concatBytes(damaged.subarray(0, at), damaged.subarray(at + 1 + random.below(4)));
    else damaged = damaged.with(at, random.oneIn(2) ? random.below(6) : random.below(256));
    if (damaged.length === 0) break;
  }
  return damaged;
}
