import fc from 'fast-check';
import { assert } from '../base/assert.ts';
import { concatBytes, equalBytes, toHex } from '../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../base/fuzz.testing.ts';
import { type CodecUnderTest, codecs } from './codecs.testing.ts';

/** Values that lie at the edges of tags, counts and lengths. */
const EDGE_BYTES = [0, 1, 2, 3, 4, 5, 6, 16, 17, 0x1f, 0x20, 0x7f, 0x80, 0xff] as const;

/**
 * Damages valid encodings of every primitive and splices them into one another: a parser never throws, and what it
 * accepts is exactly what the encoder writes for it.
 */
export const fuzz: FuzzTarget = {
  name: 'primitives',
  run(random: SeededRandom, iterations: number): void {
    for (let i = 0; i < iterations; i++) {
      const codec = random.pick(codecs);
      let bytes = sample(random.pick(codecs), random);
      if (random.below(4) > 0) bytes = sample(codec, random);
      checkBytes(codec, bytes);
      for (let round = random.below(8); round > 0; round--) {
        bytes = damage(bytes, random);
        checkBytes(codec, bytes);
      }
    }
  },
};

function sample(codec: CodecUnderTest, random: SeededRandom): Uint8Array {
  const [drawn] = fc.sample(codec.samples, { seed: random.u32() | 0, numRuns: 1 });
  assert(drawn !== undefined, 'one sample was asked for');
  return drawn.bytes;
}

function checkBytes(codec: CodecUnderTest, bytes: Uint8Array): void {
  const again = codec.reencode(bytes);
  if (again.ok)
    assert(equalBytes(again.value, bytes), `${codec.name} accepts two encodings: ${toHex(bytes)}`);
}

function damage(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const at = random.below(bytes.length + 1);
  const before = bytes.subarray(0, at);
  switch (random.below(5)) {
    case 0:
      return concatBytes(before, bytes.subarray(Math.min(bytes.length, at + 1 + random.below(40))));
    case 1:
      return concatBytes(before, random.bytes(1 + random.below(40)), bytes.subarray(at));
    case 2:
      return concatBytes(before, sample(random.pick(codecs), random), bytes.subarray(at));
    case 3:
      return replace(bytes, at, random.pick(EDGE_BYTES));
    default:
      return replace(bytes, at, random.below(256));
  }
}

function replace(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  if (at < copy.length) copy[at] = value;
  return copy;
}
