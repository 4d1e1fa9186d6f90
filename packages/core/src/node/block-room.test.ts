import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../ledger/testing/history.testing.ts';
import { gasLeast } from '../ledger/transaction-gas.ts';
import { firstCandidates } from './block-room.ts';

test('a quarter more candidates than fill a block are looked at, by bytes and by gas', () => {
  const history = new History({ seed: 4 });
  const { spec } = history;
  const [tx] = history.transactions(1);
  assert.ok(tx);
  const all = Array.from({ length: 100 }, () => tx);
  const count = (limits: Partial<typeof spec.limits>): number =>
    firstCandidates({ ...spec, limits: { ...spec.limits, ...limits } }, all).length;
  const roomy = { blockBytesMax: 2 ** 25, blockGasMax: 2 ** 40 };
  assert.equal(count(roomy), 100);
  assert.equal(count({ ...roomy, blockBytesMax: 8 * tx.bytes.length }), 10);
  assert.equal(count({ ...roomy, blockGasMax: 16 * gasLeast(spec, tx) }), 20);
  assert.equal(count({ blockBytesMax: 40 * tx.bytes.length, blockGasMax: 4 * gasLeast(spec, tx) }), 5);
});
