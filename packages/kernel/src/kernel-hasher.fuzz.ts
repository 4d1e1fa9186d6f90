import { assert } from '@calin/core/base/assert.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '@calin/core/base/fuzz.testing.ts';
import { createPlainHasher } from '@calin/core/crypto/plain-hasher.ts';
import { createKernelHasher } from './kernel-hasher.ts';

/** The most messages of a batch: several rounds of the four lanes, and any remainder. */
const MESSAGES_MAX = 40;

/** The kernel's hasher gives the bytes of its twin, whatever was hashed before. */
export const fuzz: FuzzTarget = {
  name: 'kernel/hasher',
  run(random, iterations) {
    const hashers = [createPlainHasher(), createKernelHasher()] as const;
    for (let i = 0; i < iterations; i++) {
      const bytes = random.bytes(1 + random.below(random.pick([64, 1100, 9000])));
      const key = random.bytes(32);
      const spans = randomSpans(random, bytes.length);
      const [plain, kernel] = hashers.map((hasher) => {
        hasher.load(bytes);
        const count = spans.length / 2;
        const out = new Uint8Array(32 * count);
        hasher.hashSpans(key, spans, count, out);
        const leaves = Math.floor(bytes.length / 32);
        return [out, hasher.merkleRoot(bytes, leaves), hasher.hash(key, bytes)];
      });
      for (const [part, hash] of (plain ?? []).entries()) {
        assert(
          equalBytes(hash, kernel?.[part] as Uint8Array),
          `the twins differ in part ${part} of input ${i}`,
        );
      }
    }
  },
};

/** Messages anywhere in the bytes; half of the batches have runs of one length, as blocks have. */
function randomSpans(random: SeededRandom, size: number): Uint32Array {
  const count = random.below(MESSAGES_MAX + 1);
  const spans = new Uint32Array(2 * count);
  const runs = random.oneIn(2);
  let length = random.below(size + 1);
  for (let i = 0; i < count; i++) {
    if (!runs || random.oneIn(8)) length = random.below(size + 1);
    spans.set([random.below(size - length + 1), length], 2 * i);
  }
  return spans;
}
