import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadKernel } from './load-kernel.ts';

const PAGE_BYTES = 65_536;
/** How far behind a piece of memory the kernel may read. */
const OVERREAD_BYTES = 64;

describe('an instance of the kernel', () => {
  it('has a memory of its own', () => {
    const [a, b] = [loadKernel(), loadKernel()];
    const at = a.allocate(4, 4);
    assert.equal(b.allocate(4, 4), at);
    new Uint8Array(a.memory.buffer)[at] = 7;
    assert.equal(new Uint8Array(b.memory.buffer)[at], 0);
  });
});

describe('allocate', () => {
  it('gives zeroed pieces that are aligned and do not overlap', () => {
    const kernel = loadKernel();
    let end = 1;
    for (const [bytes, align] of [
      [1, 1],
      [5, 16],
      [100_000, 64],
      [3, 8],
      [1, 65_536],
    ] as const) {
      const at = kernel.allocate(bytes, align);
      assert.equal(at % align, 0);
      assert.ok(at >= end, `${at} lies in the piece before, which ends at ${end}`);
      end = at + bytes;
      const piece = new Uint8Array(kernel.memory.buffer, at, bytes);
      assert.ok(piece.every((byte) => byte === 0));
      piece.fill(0xee);
    }
  });

  it('keeps memory behind the last piece, wherever that ends', () => {
    for (const short of [0, 1, OVERREAD_BYTES - 1, OVERREAD_BYTES, OVERREAD_BYTES + 1]) {
      const kernel = loadKernel();
      const start = kernel.allocate(0, 1);
      const at = kernel.allocate(3 * PAGE_BYTES - start - short, 1);
      const left = kernel.memory.buffer.byteLength - (at + 3 * PAGE_BYTES - start - short);
      assert.ok(left >= OVERREAD_BYTES, `${left} bytes are left`);
      assert.ok(left < PAGE_BYTES + OVERREAD_BYTES, 'no page is taken in vain');
    }
  });

  it('answers 0 when there is no more, and goes on with what there is', () => {
    const kernel = loadKernel();
    const before = kernel.memory.buffer.byteLength;
    assert.equal(kernel.allocate(2 ** 32 - 1, 1), 0);
    assert.equal(kernel.memory.buffer.byteLength, before);
    assert.notEqual(kernel.allocate(8, 8), 0);
  });
});
