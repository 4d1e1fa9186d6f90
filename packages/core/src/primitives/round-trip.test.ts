import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../base/fuzz.testing.ts';
import { codecs } from './codecs.testing.ts';
import { fuzz } from './primitives.fuzz.ts';

for (const codec of codecs) {
  describe(`encoding: ${codec.name}`, () => {
    it('gives back the value it was made from', () => {
      fc.assert(
        fc.property(codec.samples, ({ value, bytes }) => {
          assert.deepEqual(codec.parse(bytes), { ok: true, value });
        }),
      );
    });

    it('is refused when it ends early, at every offset, or goes on', () => {
      // A shorter list of actions or receipts is a list as well: there the end is where the frame says it is.
      const isList = codec.name === 'actions' || codec.name === 'receipts';
      fc.assert(
        fc.property(codec.samples, ({ bytes }) => {
          for (let end = 0; end < bytes.length; end++) {
            const parsed = codec.reencode(bytes.subarray(0, end));
            if (parsed.ok) {
              assert.ok(isList, `accepted ${end} of ${bytes.length} bytes`);
              assert.deepEqual(parsed.value, bytes.slice(0, end));
            }
          }
          const longer = new Uint8Array(bytes.length + 1);
          longer.set(bytes);
          assert.equal(codec.parse(longer).ok, false, 'accepted a byte more');
        }),
        { numRuns: 25 },
      );
    });

    it('is the only one: a changed bit is refused or is another value', () => {
      fc.assert(
        fc.property(codec.samples, fc.infiniteStream(fc.nat()), ({ bytes }, positions) => {
          const changed = bytes.slice();
          for (const position of positions.take(40)) {
            if (bytes.length === 0) return;
            const at = position % bytes.length;
            const bit = 1 << (Math.floor(position / bytes.length) % 8);
            changed[at] = (changed[at] as number) ^ bit;
            const again = codec.reencode(changed);
            if (again.ok) assert.deepEqual(again.value, changed);
            changed[at] = bytes[at] as number;
          }
        }),
      );
    });

    it('is never thrown over: any bytes are refused or have one meaning', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
          const again = codec.reencode(bytes);
          if (again.ok) assert.deepEqual(again.value, bytes);
        }),
        { numRuns: 300 },
      );
    });
  });
}

it('the fuzz target holds for a fixed seed', async () => {
  await fuzz.run(seededRandom(20260101), 300);
});
