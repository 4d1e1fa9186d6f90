import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BlockResult } from '../ledger/block-execution.ts';
import { ExecutedBlocks } from './executed-blocks.ts';

const id = (n: number) => new Uint8Array(32).fill(n);
const result = (bytes: number) =>
  ({ undo: new Uint8Array(bytes), receipts: new Uint8Array(1) }) as unknown as BlockResult;

describe('what executed blocks gave', () => {
  it('is kept of the latest few', () => {
    const executed = new ExecutedBlocks();
    const results = [1, 2, 3, 4, 5].map((n) => result(n));
    for (const [n, one] of results.entries()) executed.set(id(n), one);
    assert.deepEqual(executed.counts, { results: 4, bytes: 2 + 3 + 4 + 5 + 4 });
    assert.equal(executed.get(id(0)), undefined);
    assert.equal(executed.get(id(4)), results[4]);
    executed.set(id(4), result(10));
    executed.delete(id(1));
    executed.delete(id(1));
    assert.deepEqual(executed.counts, { results: 3, bytes: 3 + 4 + 10 + 3 });
  });

  it('is not kept where it is large', () => {
    const executed = new ExecutedBlocks();
    executed.set(id(1), result(5_000_000));
    executed.set(id(2), result(5_000_000));
    assert.deepEqual(executed.counts, { results: 1, bytes: 5_000_001 });
    executed.set(id(3), result(9_000_000));
    assert.deepEqual(executed.counts, { results: 0, bytes: 0 });
  });
});
