import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { gasOf } from '../ledger/transaction-gas.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { REPLACED_MAX } from './limits.ts';
import { PoolBench } from './mempool.testing.ts';
import type { Added } from './mempool.ts';

function refusal(result: Result<unknown>) {
  assert.ok(!result.ok, 'refused');
  return result.error;
}

function replacedBy(result: Result<Added>): readonly Transaction[] {
  assert.ok(result.ok, 'admitted');
  return result.value.replaced;
}

describe('replacing', () => {
  test('the expected fee of the refusal is the least that is enough', () => {
    const bench = new PoolBench();
    const old = bench.pay(bench.coin(0), { feePerGas: 20 });
    bench.mustAdd(old);
    const gas = gasOf(bench.spec, old);
    const { rule, evidence } = refusal(
      bench.add(bench.pay(bench.coin(0), { feePerGas: 20, parts: 1, fee: 20 * gas + 1 })),
    );
    assert.equal(rule, 'mempool/replacement-fee-too-low');
    // The old fee and the relay increment, which is 1 hug per gas on this chain.
    assert.equal(evidence['expected'], 21 * gas);
    const below = bench.pay(bench.coin(0), { fee: 21 * gas - 1 });
    assert.equal(refusal(bench.add(below)).rule, 'mempool/replacement-fee-too-low');
    const enough = bench.pay(bench.coin(0), { fee: 21 * gas });
    assert.deepEqual(replacedBy(bench.add(enough)), [old]);
    assert.deepEqual([...bench.pool.transactions()], [enough]);
  });

  test('descendants go too and must be paid for', () => {
    const bench = new PoolBench();
    const old = bench.pay(bench.coin(0), { feePerGas: 20 });
    const child = bench.pay(bench.out(old), { feePerGas: 20 });
    bench.mustAdd(old, child);
    const both = 2 * 20 * gasOf(bench.spec, old);
    assert.ok(!bench.add(bench.pay(bench.coin(0), { fee: both })).ok);
    const enough = bench.pay(bench.coin(0), { fee: both + gasOf(bench.spec, old) });
    assert.deepEqual(replacedBy(bench.add(enough)), [child, old]);
    assert.equal(bench.pool.size, 1);
  });

  test('a larger sum does not make up for less per gas than one that is replaced', () => {
    const bench = new PoolBench();
    const old = bench.pay(bench.coin(0), { feePerGas: 50 });
    bench.mustAdd(old);
    const wide = bench.pay(bench.coin(0), { feePerGas: 50, parts: 20 });
    const { evidence } = refusal(bench.add(wide));
    assert.equal(evidence['expected'], 50 * gasOf(bench.spec, wide) + 1);
  });

  test('a cheap ancestor counts against the replacement, so that it is really mined sooner', () => {
    const bench = new PoolBench();
    const cheap = bench.pay(bench.coin(4), { feePerGas: 11 });
    const old = bench.pay(bench.coin(0), { feePerGas: 20 });
    bench.mustAdd(cheap, old);
    const bump = (feePerGas: number) => bench.pay([bench.coin(0), bench.out(cheap)], { feePerGas });
    assert.equal(refusal(bench.add(bump(25))).rule, 'mempool/replacement-fee-too-low');
    assert.deepEqual(replacedBy(bench.add(bump(35))), [old]);
  });

  test('a rich ancestor does not make up for paying less itself', () => {
    const bench = new PoolBench();
    const rich = bench.pay(bench.coin(4), { feePerGas: 900 });
    const old = bench.pay(bench.coin(0), { feePerGas: 50 });
    bench.mustAdd(rich, old);
    const wide = (feePerGas: number) => bench.pay([bench.coin(0), bench.out(rich)], { feePerGas, parts: 20 });
    assert.equal(refusal(bench.add(wide(50))).rule, 'mempool/replacement-fee-too-low');
    assert.deepEqual(replacedBy(bench.add(wide(51))), [old]);
  });

  test('the dearest of several decides', () => {
    const bench = new PoolBench();
    const wide = bench.pay(bench.coin(0), { feePerGas: 11, parts: 20 });
    const dear = bench.pay(bench.coin(4), { feePerGas: 60 });
    const cheap = bench.pay(bench.coin(8), { feePerGas: 12 });
    bench.mustAdd(wide, dear, cheap);
    const coins = [0, 4, 8].map((i) => bench.coin(i));
    const refused = refusal(bench.add(bench.pay(coins, { feePerGas: 60, parts: 20 })));
    assert.equal(refused.evidence['dearest'], toHex(dear.txid));
    assert.equal(replacedBy(bench.add(bench.pay(coins, { feePerGas: 61, parts: 20 }))).length, 3);
  });

  test('mempool/conflict: building on what it would replace', () => {
    const bench = new PoolBench();
    const old = bench.pay(bench.coin(0));
    bench.mustAdd(old);
    const both = bench.pay([bench.coin(0), bench.out(old)], { feePerGas: 100 });
    assert.equal(refusal(bench.add(both)).rule, 'mempool/conflict');
    assert.deepEqual([...bench.pool.transactions()], [old]);
  });

  test('mempool/replaces-too-many: more than 100, descendants included', () => {
    const bench = new PoolBench();
    const parents = Array.from({ length: 5 }, (_, i) => bench.pay(bench.coin(4 * i), { parts: 20 }));
    bench.mustAdd(...parents);
    for (const parent of parents) {
      for (let i = 0; i < 19; i++) bench.mustAdd(bench.pay(bench.out(parent, i)));
    }
    assert.equal(bench.pool.size, REPLACED_MAX);
    const coins = parents.map((_, i) => bench.coin(4 * i));
    const single = bench.pay(bench.coin(20));
    bench.mustAdd(single);
    const before = bench.pool.stats();
    const tooMany = bench.pay([...coins, bench.coin(20)], { feePerGas: 10_000 });
    assert.deepEqual(refusal(bench.add(tooMany)).rule, 'mempool/replaces-too-many');
    assert.deepEqual(bench.pool.stats(), before);
    assert.equal(replacedBy(bench.add(bench.pay(coins, { feePerGas: 10_000 }))).length, REPLACED_MAX);
  });

  test('a replacement that is refused puts everything back, links and sums included', () => {
    const bench = new PoolBench();
    const root = bench.pay(bench.coin(0), { parts: 2 });
    const left = bench.pay(bench.out(root, 0));
    const right = bench.pay(bench.out(root, 1));
    const join = bench.pay([bench.out(left), bench.out(right)]);
    bench.mustAdd(root, left, right, join);
    const snapshot = () => [root, left, right, join].map(({ txid }) => bench.pool.info(txid));
    const before = snapshot();
    const invalid = { ...bench.coin(4), outpoint: { txid: new Uint8Array(32), index: 0 } };
    assert.equal(
      refusal(bench.add(bench.pay([bench.coin(0), invalid], { feePerGas: 999 }))).rule,
      'tx/coin-missing',
    );
    assert.ok(!bench.add(bench.pay(bench.out(root, 0), { feePerGas: 21 })).ok);
    assert.deepEqual(snapshot(), before);
    assert.equal(
      bench.pool.bytes,
      [root, left, right, join].reduce((sum, { bytes }) => sum + bytes.length, 0),
    );
  });
});
