import { assert } from '../base/assert.ts';
import { concatBytes, equalBytes, toHex } from '../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../base/fuzz.testing.ts';
import type { SubmitVerdict } from '../node/events.ts';
import { type BundleVerdict, encodeVerdicts, parseVerdicts } from './bundle-verdicts.ts';
import { BUNDLE_TRANSACTIONS_MAX, REQUEST_BYTES_MAX } from './limits.ts';
import { encodeBundle, parseBundle } from './transaction-bundle.ts';

const RULES = ['tx/expired', 'mempool/full', 'codec/truncated', 'x'];

/**
 * Damages bundles and the verdicts on them: a parser never throws, gives no more than the bytes hold, and accepts of
 * each value only the bytes that the encoder writes.
 */
export const fuzz: FuzzTarget = {
  name: 'rpc/bundle',
  run(random, iterations) {
    for (let i = 0; i < iterations; i++) {
      let bundle: Uint8Array = encodeBundle(randomTransactions(random));
      let verdicts: Uint8Array = encodeVerdicts(randomVerdicts(random));
      for (let round = random.below(4); round >= 0; round--) {
        checkBundle(bundle);
        checkVerdicts(verdicts);
        bundle = damage(bundle, random);
        verdicts = damage(verdicts, random);
      }
    }
  },
};

function checkBundle(bytes: Uint8Array): void {
  const parsed = parseBundle(bytes);
  if (!parsed.ok) return;
  assert(
    parsed.value.length <= BUNDLE_TRANSACTIONS_MAX && bytes.length <= REQUEST_BYTES_MAX,
    'above a limit',
  );
  assert(equalBytes(encodeBundle(parsed.value), bytes), `two bundles of the same: ${toHex(bytes)}`);
}

function checkVerdicts(bytes: Uint8Array): void {
  const parsed = parseVerdicts(bytes);
  if (!parsed.ok) return;
  const again = encodeVerdicts(parsed.value.map(asSubmitVerdict));
  assert(equalBytes(again, bytes), `two answers of the same: ${toHex(bytes)}`);
}

function asSubmitVerdict(verdict: BundleVerdict): SubmitVerdict {
  const { txid } = verdict;
  if (verdict.accepted) return { txid: verdict.txid, accepted: true };
  return { txid, accepted: false, refusal: refusalBy(verdict.rule) };
}

function refusalBy(rule: string) {
  return { rule, message: '', help: '', evidence: {}, banPoints: 0, retry: false };
}

function randomTransactions(random: SeededRandom): Uint8Array[] {
  return Array.from({ length: 1 + random.below(6) }, () => random.bytes(random.below(40)));
}

function randomVerdicts(random: SeededRandom): SubmitVerdict[] {
  return Array.from({ length: random.below(6) }, (): SubmitVerdict => {
    const txid = random.bytes(32);
    if (random.oneIn(2)) return { txid, accepted: true };
    return {
      txid: random.oneIn(2) ? txid : undefined,
      accepted: false,
      refusal: refusalBy(random.pick(RULES)),
    };
  });
}

function damage(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const at = random.below(bytes.length + 1);
  const before = bytes.subarray(0, at);
  switch (random.below(4)) {
    case 0:
      return before.slice();
    case 1:
      return concatBytes(before, random.bytes(1 + random.below(8)), bytes.subarray(at));
    case 2:
      return concatBytes(before, bytes.subarray(Math.min(bytes.length, at + 1 + random.below(8))));
    default: {
      const copy = bytes.slice();
      if (at < copy.length) copy[at] = random.pick([0, 1, 2, 3, 0x7f, 0x80, 0xff]);
      return copy;
    }
  }
}
