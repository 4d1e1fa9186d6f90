import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import { PoolBench } from './mempool.testing.ts';
import { Mempool } from './mempool.ts';
import { RandomPool } from './random-pool.testing.ts';

test('random streams keep every promise of the pool, and reach every way a transaction can leave it', () => {
  const total = { added: 0, refused: 0, replaced: 0, evicted: 0, returned: 0, dropped: 0, mined: 0 };
  for (let seed = 1; seed <= 6; seed++) {
    const target = new RandomPool(seededRandom(seed));
    for (let i = 0; i < 120; i++) target.step();
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += target.counts[key];
  }
  for (const [what, times] of Object.entries(total)) assert.ok(times > 5, `${what}: ${times}`);
});

test('the same calls give the same pool', () => {
  const run = () => {
    const target = new RandomPool(seededRandom(99));
    return Array.from({ length: 100 }, () => {
      target.step();
      const order = [...target.pool.candidates()].map(({ txid }) => toHex(txid)).join();
      return { order, stats: target.pool.stats(), fee: target.pool.estimateFee({ targetBlocks: 3 }) };
    });
  };
  const first = run();
  assert.ok(first.filter(({ order }) => order.length > 0).length > 50);
  assert.deepEqual(run(), first);
});

test('stats say how full the pool is and what it asks for', () => {
  const bench = new PoolBench({ bytesMax: 5000 });
  assert.deepEqual(bench.pool.stats(), { count: 0, bytes: 0, bytesMax: 5000, feePerGasMin: 1, indexed: 0 });
  const tx = bench.pay(bench.coin(0));
  bench.mustAdd(tx);
  const { count, bytes, feePerGasMin } = bench.pool.stats();
  assert.deepEqual([count, bytes, feePerGasMin], [1, tx.bytes.length, 10]);
});

test('a pool that was told nothing yet has no candidates and still estimates', () => {
  const { spec, history } = new PoolBench();
  const pool = new Mempool({}, { spec, chainId: history.chainId });
  assert.deepEqual([...pool.candidates()], []);
  assert.equal(pool.estimateFee({ targetBlocks: 1 }).feePerGas, spec.fees.baseFeeInitial);
  assert.equal(pool.info(history.chainId), undefined);
});
