import fc from 'fast-check';
import { assert } from '../../base/assert.ts';
import { concatBytes, equalBytes, toHex } from '../../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../../base/fuzz.testing.ts';
import { arbitraryMessage } from './arbitrary.testing.ts';
import { encodeMessage, messageBytes, parseMessage } from './message.ts';

/** Values that lie at the edges of tags, counts and lengths. */
const EDGE_BYTES = [0, 1, 2, 3, 5, 0x10, 0x1f, 0x20, 0x2b, 0x40, 0x7e, 0x7f, 0x80, 0xff] as const;

/**
 * Damages frames and splices them into one another: the parser never throws, and what it accepts is exactly what the
 * encoder writes for it, of the length that was foretold.
 */
export const fuzz: FuzzTarget = {
  name: 'p2p/messages',
  run(random, iterations) {
    for (let i = 0; i < iterations; i++) {
      let bytes = random.oneIn(8) ? random.bytes(random.below(80)) : sample(random);
      checkFrame(bytes);
      for (let round = random.below(6); round > 0; round--) {
        bytes = damage(bytes, random);
        checkFrame(bytes);
      }
    }
  },
};

function sample(random: SeededRandom): Uint8Array {
  const [message] = fc.sample(arbitraryMessage, { seed: random.u32() | 0, numRuns: 1 });
  assert(message !== undefined, 'one sample was asked for');
  return encodeMessage(message);
}

function checkFrame(bytes: Uint8Array): void {
  const parsed = parseMessage(bytes);
  if (!parsed.ok) return;
  const again = encodeMessage(parsed.value);
  assert(equalBytes(again, bytes), `two frames of one message: ${toHex(bytes)}`);
  assert(messageBytes(parsed.value) === bytes.length, `another length was foretold: ${toHex(bytes)}`);
}

function damage(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const at = random.below(bytes.length + 1);
  switch (random.below(5)) {
    case 0:
      return concatBytes(
        bytes.subarray(0, at),
        bytes.subarray(Math.min(bytes.length, at + 1 + random.below(40))),
      );
    case 1:
      return concatBytes(bytes.subarray(0, at), random.bytes(1 + random.below(40)), bytes.subarray(at));
    case 2:
      return concatBytes(bytes.subarray(0, at), sample(random), bytes.subarray(at));
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
