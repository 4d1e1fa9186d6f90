import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Result } from '../base/result.ts';
import { MINIMUM_HALF_LIFE_MS } from './limits.ts';
import { PoolBench } from './mempool.testing.ts';

function refusal(result: Result<unknown>) {
  assert.ok(!result.ok, 'refused');
  return result.error;
}

describe('a full pool', () => {
  test('evicts what pays least, with what builds on it, and asks for more from then on', () => {
    const bench = new PoolBench({ countMax: 3 });
    const cheap = bench.pay(bench.coin(0), { feePerGas: 12 });
    const child = bench.pay(bench.out(cheap), { feePerGas: 11 });
    const dear = bench.pay(bench.coin(4), { feePerGas: 40 });
    bench.mustAdd(cheap, child, dear);
    const next = bench.pay(bench.coin(8), { feePerGas: 30 });
    const added = bench.add(next);
    assert.ok(added.ok);
    assert.equal(added.value.evicted.length, 1);
    assert.deepEqual(added.value.evicted, [child]);
    const last = bench.add(bench.pay(bench.coin(12), { feePerGas: 30 }));
    assert.ok(last.ok);
    assert.deepEqual(last.value.evicted, [cheap]);
    assert.equal(bench.pool.stats().feePerGasMin, 13);
    const { rule, evidence } = refusal(bench.add(bench.pay(bench.coin(16), { feePerGas: 12 })));
    assert.equal(rule, 'mempool/fee-too-low');
    assert.equal(evidence['feePerGas'], 13);
  });

  test('keeps a cheap parent whose child pays for both', () => {
    const bench = new PoolBench({ countMax: 3 });
    const parent = bench.pay(bench.coin(0), { feePerGas: 11 });
    const child = bench.pay(bench.out(parent), { feePerGas: 60 });
    const middle = bench.pay(bench.coin(4), { feePerGas: 20 });
    bench.mustAdd(parent, child, middle);
    const added = bench.add(bench.pay(bench.coin(8), { feePerGas: 30 }));
    assert.ok(added.ok);
    assert.deepEqual(added.value.evicted, [middle]);
  });

  test('mempool/full: refuses what pays less than all it has, without a trace but a higher minimum', () => {
    const bench = new PoolBench({ countMax: 3 });
    for (let i = 0; i < 3; i++) bench.mustAdd(bench.pay(bench.coin(4 * i), { feePerGas: 40 }));
    const before = [...bench.pool.transactions()];
    const poor = bench.pay(bench.coin(16), { feePerGas: 39 });
    const full = refusal(bench.add(poor));
    assert.equal(full.rule, 'mempool/full');
    assert.equal(full.retry, true);
    assert.deepEqual(full.evidence, { got: 39, expected: 40 });
    assert.deepEqual([...bench.pool.transactions()], before);
    assert.equal(refusal(bench.add(poor)).rule, 'mempool/fee-too-low');
  });

  test('a replacement that would not find room puts back what it replaced', () => {
    const bench = new PoolBench({ bytesMax: 3000 });
    const old = bench.pay(bench.coin(0), { feePerGas: 12 });
    bench.mustAdd(old);
    for (let i = 1; bench.pool.bytes < 2700; i++)
      bench.mustAdd(bench.pay(bench.coin(4 * i), { feePerGas: 90 }));
    const before = bench.pool.stats();
    const order = bench.order([old]);
    const wide = bench.pay(bench.coin(0), { feePerGas: 15, parts: 40 });
    assert.equal(refusal(bench.add(wide)).rule, 'mempool/full');
    assert.ok(bench.pool.has(old.txid));
    // Who is worth least had to be found, so that order is kept now.
    const same = { feePerGasMin: 0, indexed: 0 };
    assert.deepEqual({ ...bench.pool.stats(), ...same }, { ...before, ...same });
    assert.deepEqual(bench.order([old]), order);
  });

  test('the minimum decays with time, and falls to the base fee once the pool is less than half full', () => {
    const bench = new PoolBench({ countMax: 4 });
    for (let i = 0; i < 5; i++) bench.mustAdd(bench.pay(bench.coin(4 * i), { feePerGas: 200 }));
    assert.equal(bench.pool.stats().feePerGasMin, 201);
    bench.pool.expire(bench.nowMs + MINIMUM_HALF_LIFE_MS);
    assert.equal(bench.pool.stats().feePerGasMin, 100);
    bench.mine();
    assert.equal(bench.pool.stats().feePerGasMin, bench.env.baseFee);
  });

  test('a pool that is half full of bytes keeps its minimum too', () => {
    const bench = new PoolBench({ bytesMax: 1000 });
    for (let i = 0; i < 6; i++) bench.mustAdd(bench.pay(bench.coin(4 * i), { feePerGas: 50 + i }));
    assert.equal(bench.pool.stats().feePerGasMin, 51);
  });

  test('a parent is worth less when the child that paid for it is gone', () => {
    const bench = new PoolBench({ countMax: 4 });
    const parent = bench.pay(bench.coin(0), { feePerGas: 12 });
    const child = bench.pay([bench.out(parent), bench.coin(8)], { feePerGas: 100 });
    const others = [41, 40].map((feePerGas, i) => bench.pay(bench.coin(12 + 4 * i), { feePerGas }));
    bench.mustAdd(parent, child, ...others);
    assert.deepEqual(bench.mine([bench.pay(bench.coin(8))]).dropped, [child]);
    bench.mustAdd(bench.pay(bench.coin(40), { feePerGas: 90 }));
    const added = bench.add(bench.pay(bench.coin(44), { feePerGas: 90 }));
    assert.ok(added.ok);
    assert.deepEqual(added.value.evicted, [parent]);
  });

  test('an evicted parent is named with its children, and nothing of them stays', () => {
    const bench = new PoolBench({ countMax: 3 });
    const parent = bench.pay(bench.coin(0), { feePerGas: 12 });
    const children = [bench.pay(bench.out(parent), { feePerGas: 11 })];
    bench.mustAdd(parent, ...children);
    for (let i = 1; i < 4; i++) bench.mustAdd(bench.pay(bench.coin(4 * i), { feePerGas: 90 }));
    assert.equal(bench.pool.size, 3);
    assert.ok(!bench.pool.has(parent.txid));
    assert.equal(bench.pool.spends(bench.coin(0).outpoint), undefined);
  });

  test('however much comes, count, bytes and indexes stay bounded, and an empty pool holds nothing', () => {
    const bench = new PoolBench({ countMax: 40, bytesMax: 10_000 });
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 100; i++) {
        const from = bench.pay(bench.coin(i), {
          feePerGas: 11 + 10 * round + (i % 7),
          parts: 3,
          expiryHeight: 900,
        });
        if (bench.add(from).ok) bench.add(bench.pay(bench.out(from, 1), { feePerGas: 30 + 10 * round }));
        const { count, bytes, indexed } = bench.pool.stats();
        assert.ok(count <= 40 && bytes <= 10_000 && indexed <= 40 * 6, `${count} ${bytes} ${indexed}`);
      }
    }
    assert.ok(bench.pool.size > 20);
    bench.pool.expire(bench.nowMs + 1e9);
    assert.deepEqual([bench.pool.size, bench.pool.bytes, bench.pool.stats().indexed], [0, 0, 0]);
  });
});

describe('expiry', () => {
  test('by age: what is older than the limit leaves with its descendants', () => {
    const bench = new PoolBench({ ageMsMax: 1000 });
    const old = bench.pay(bench.coin(0));
    bench.mustAdd(old);
    bench.nowMs += 600;
    const child = bench.pay(bench.out(old));
    const other = bench.pay(bench.coin(4));
    bench.mustAdd(child, other);
    assert.deepEqual(bench.pool.expire(bench.nowMs + 400), []);
    assert.deepEqual(bench.pool.expire(bench.nowMs + 401), [child, old]);
    assert.deepEqual([...bench.pool.transactions()], [other]);
  });
});
