import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ByteRing, RING_WORDS } from './byte-ring.ts';

function createRing(bytes: number, counted = 0): ByteRing {
  const control = new Int32Array(new SharedArrayBuffer(4 * RING_WORDS)).fill(counted);
  return new ByteRing(control, new Uint8Array(new SharedArrayBuffer(bytes)));
}

describe('a ring of bytes', () => {
  it('gives what was put in, in order, however it was cut, also when its counters wrap around', () => {
    const steps = fc.array(fc.tuple(fc.nat(90), fc.nat(90)), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.constantFrom(0, -100, 2 ** 31 - 100), (all, counted) => {
        const ring = createRing(64, counted);
        let [put, got] = [0, 0];
        for (const [writes, reads] of all) {
          const bytes = Uint8Array.from({ length: writes }, (_, i) => put + i);
          put += ring.write(bytes, 0);
          assert.ok(ring.waiting <= 64);
          assert.equal(ring.waiting, put - got);
          const count = Math.min(reads, ring.waiting);
          const read = new Uint8Array(count + 1);
          ring.read(read, 1, count);
          for (let i = 0; i < count; i++) assert.equal(read[i + 1], (got + i) & 255);
          got += count;
        }
      }),
    );
  });

  it('takes no more than it has room for, and goes on where it stopped', () => {
    const ring = createRing(8);
    const bytes = Uint8Array.from({ length: 12 }, (_, i) => i);
    assert.equal(ring.write(bytes, 0), 8);
    assert.equal(ring.write(bytes, 8), 0);
    const read = new Uint8Array(12);
    ring.read(read, 0, 5);
    assert.equal(ring.write(bytes, 8), 4);
    ring.read(read, 5, 7);
    assert.deepEqual(read, bytes);
    assert.throws(() => ring.read(read, 0, 1), /have been written/);
  });
});
