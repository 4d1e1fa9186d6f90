import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import { addressOf } from '../primitives/address.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { estimateFees } from './fee-estimate.ts';
import { PoolBench } from './mempool.testing.ts';
import type { PoolInfo } from './mempool.ts';

describe('candidates', () => {
  test('best fee rate first, ties by txid, however they came', () => {
    const orders = [1, 2].map((seed) => {
      const bench = new PoolBench();
      const random = seededRandom(seed);
      const txs = Array.from({ length: 30 }, (_, i) => bench.pay(bench.coin(i), { feePerGas: 11 + (i % 5) }));
      const waiting = [...txs];
      while (waiting.length > 0) bench.mustAdd(...waiting.splice(random.below(waiting.length), 1));
      return bench.order(txs);
    });
    assert.deepEqual(orders[0], orders[1]);
    const rates = (orders[0] as number[]).map((i) => 11 + (i % 5));
    assert.deepEqual(
      rates,
      rates.toSorted((a, b) => b - a),
    );
    assert.equal(rates.length, 30);
  });

  test('for a block that takes all of them in the order they came, best first only where there are more', () => {
    const bench = new PoolBench();
    const { limits } = bench.spec;
    const poor = bench.pay(bench.coin(0), { feePerGas: 11 });
    const rich = bench.pay(bench.coin(4), { feePerGas: 40 });
    const child = bench.pay(bench.out(rich), { feePerGas: 90 });
    bench.mustAdd(poor, rich, child);
    assert.deepEqual([...bench.pool.forBlock()], [poor, rich, child]);
    const bytes = limits.blockBytesMax / 2;
    for (let i = 2; bench.pool.bytes <= bytes; i++) {
      bench.mustAdd(bench.pay(bench.coin(4 * i), { feePerGas: 20, parts: 40 }));
    }
    assert.deepEqual([...bench.pool.forBlock()], [...bench.pool.candidates()]);
    assert.equal([...bench.pool.forBlock()][0], rich);
  });

  test('a child pulls its parent up, and a sibling of it is judged without the parent', () => {
    const bench = new PoolBench();
    const parent = bench.pay(bench.coin(0), { feePerGas: 11, parts: 2 });
    const rich = bench.pay(bench.out(parent, 0), { feePerGas: 100 });
    const sibling = bench.pay(bench.out(parent, 1), { feePerGas: 40 });
    const plain = bench.pay(bench.coin(4), { feePerGas: 35 });
    const txs = [parent, rich, sibling, plain];
    bench.mustAdd(...txs);
    // With the parent still to pay for, the sibling comes to about 25 per gas; without it, to 40.
    assert.deepEqual(bench.order(txs), [0, 1, 2, 3]);
  });

  test('among equal rates the txid decides, also between what changed and what did not', () => {
    for (let i = 0; i < 8; i++) {
      const bench = new PoolBench();
      const parent = bench.pay(bench.coin(0), { feePerGas: 11, parts: 2 });
      const rich = bench.pay(bench.out(parent, 0), { feePerGas: 100 });
      const sibling = bench.pay(bench.out(parent, 1), { feePerGas: 40 });
      const plain = bench.pay(bench.coin(4 + 4 * i), { feePerGas: 40 });
      bench.mustAdd(parent, rich, sibling, plain);
      const tied = [sibling, plain].toSorted(compareTxids);
      assert.deepEqual([...bench.pool.candidates()], [parent, rich, ...tied]);
    }
  });

  test('a child rises when its cheap parent is in a block', () => {
    const bench = new PoolBench();
    const parent = bench.pay(bench.coin(0), { feePerGas: 11 });
    const child = bench.pay(bench.out(parent), { feePerGas: 100 });
    const others = [60, 61, 62].map((feePerGas, i) => bench.pay(bench.coin(4 + 4 * i), { feePerGas }));
    bench.mustAdd(parent, child, ...others);
    assert.deepEqual(bench.order([parent, child]).slice(0, 3), [-1, -1, -1]);
    bench.mine([parent]);
    assert.deepEqual(bench.order([child])[0], 0);
  });

  test('a transaction that does not pay a risen base fee waits with what builds on it', () => {
    const bench = new PoolBench();
    const low = bench.pay(bench.coin(0), { feePerGas: 10 });
    const onLow = bench.pay(bench.out(low), { feePerGas: 90 });
    const onBoth = bench.pay([bench.out(onLow), bench.coin(8)], { feePerGas: 90 });
    const high = bench.pay(bench.coin(4), { feePerGas: 50 });
    const txs = [low, onLow, onBoth, high];
    bench.mustAdd(...txs);
    assert.equal(bench.order(txs).length, 4);
    const full = Array.from({ length: 20 }, (_, i) => bench.pay(bench.coin(20 + i)));
    bench.mine(full);
    assert.ok(bench.env.baseFee > 10);
    assert.deepEqual(bench.order(txs), [3]);
    assert.equal(bench.pool.size, 4);
    while (bench.env.baseFee > 10) bench.mine([]);
    assert.deepEqual(bench.order(txs).toSorted(), [0, 1, 2, 3]);
  });

  test('the pool must not change while the candidates are read', () => {
    const bench = new PoolBench();
    for (let i = 0; i < 3; i++) bench.mustAdd(bench.pay(bench.coin(i)));
    const candidates = bench.pool.candidates();
    candidates.next();
    bench.mustAdd(bench.pay(bench.coin(7)));
    assert.throws(() => candidates.next(), /changed while it was read/);
  });

  test('each step takes the package that pays most for what is missing, as a search over all of them says', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const bench = new PoolBench();
      growFamily(bench, seed);
      const infos = new Map(
        [...bench.pool.transactions()].map((tx) => [tx, bench.pool.info(tx.txid) as PoolInfo]),
      );
      assert.deepEqual([...bench.pool.candidates()], greedy(infos), `seed ${seed}`);
    }
  });
});

/** Up to 24 transactions that spend each other's outputs. */
function growFamily(bench: PoolBench, seed: number): void {
  const random = seededRandom(seed);
  const coins = Array.from({ length: 6 }, (_, i) => bench.coin(4 * i));
  for (let i = 0; i < 24; i++) {
    const from = Array.from({ length: 1 + random.below(2) }, () => random.pick(coins));
    const distinct = [...new Set(from)];
    const tx = bench.pay(distinct, { feePerGas: 11 + random.below(40), parts: 1 + random.below(3) });
    if (!bench.add(tx).ok) continue;
    for (const coin of distinct) coins.splice(coins.indexOf(coin), 1);
    coins.push(...tx.outputs.map((_, index) => bench.out(tx, index)));
  }
}

/** The same choice without any index: at each step every entry's missing ancestors are summed anew. */
function greedy(infos: ReadonlyMap<Transaction, PoolInfo>): Transaction[] {
  const byTxid = new Map([...infos.keys()].map((tx) => [tx.txid.join(), tx]));
  const withParents = (tx: Transaction, found: Set<Transaction>): Set<Transaction> => {
    for (const parent of (infos.get(tx) as PoolInfo).parents) {
      withParents(byTxid.get(parent.join()) as Transaction, found);
    }
    return found.add(tx);
  };
  const order: Transaction[] = [];
  while (order.length < infos.size) {
    const packages = [...infos.keys()]
      .filter((tx) => !order.includes(tx))
      .map((tx) => {
        const entries = [...withParents(tx, new Set())].filter((member) => !order.includes(member));
        const sum = (part: 'fee' | 'gas') =>
          entries.reduce((total, member) => total + (infos.get(member) as PoolInfo)[part], 0);
        return { tx, entries, fee: sum('fee'), gas: sum('gas') };
      })
      .toSorted((a, b) => b.fee * a.gas - a.fee * b.gas || compareTxids(a.tx, b.tx));
    const { entries } = packages[0] as (typeof packages)[number];
    const depth = (tx: Transaction) => (infos.get(tx) as PoolInfo).ancestors.count;
    order.push(...entries.toSorted((a, b) => depth(a) - depth(b) || compareTxids(a, b)));
  }
  return order;
}

function compareTxids(a: Transaction, b: Transaction): number {
  const differing = a.txid.findIndex((byte, i) => byte !== b.txid[i]);
  return differing < 0 ? 0 : (a.txid[differing] as number) - (b.txid[differing] as number);
}

describe('estimateFee', () => {
  test('an empty pool asks for the base fee', () => {
    const bench = new PoolBench();
    bench.mine([]);
    bench.mine([]);
    const { baseFee } = bench.env;
    assert.deepEqual(bench.pool.estimateFee({ targetBlocks: 1 }), { targetBlocks: 1, feePerGas: baseFee });
    assert.equal(bench.pool.estimateFee({ targetBlocks: 1000 }).targetBlocks, 25);
    assert.throws(() => bench.pool.estimateFee({ targetBlocks: 0 }), /no estimate/);
  });

  test('with more than a block waiting, soon costs more than later, and what it says is mined in time', () => {
    const bench = new PoolBench({}, { limits: { blockGasMax: 8_000 }, fees: { blockGasTarget: 8_000 } });
    bench.mine([]);
    for (let i = 0; i < 60; i++) bench.mustAdd(bench.pay(bench.coin(4 + i), { feePerGas: 30 + i }));
    const targets = [1, 2, 3, 5, 10, 25];
    const estimates = targets.map((targetBlocks) => bench.pool.estimateFee({ targetBlocks }).feePerGas);
    assert.deepEqual(
      estimates,
      estimates.toSorted((a, b) => b - a),
    );
    assert.ok((estimates[0] as number) > 70 && (estimates[5] as number) < 30, estimates.join());
    for (const [i, targetBlocks] of targets.entries()) {
      const feePerGas = estimates[i] as number;
      // One hug less ties with the marginal transaction, and then the txid decides; two less never reach.
      const [enough, less] = [feePerGas, feePerGas - 2].map((rate) => minedAfter(bench, rate));
      assert.ok((enough as number) <= targetBlocks, `${feePerGas}: ${enough} blocks, not ${targetBlocks}`);
      if (i < 3) assert.ok((less as number) > targetBlocks, `${feePerGas - 2} is enough too`);
    }
  });

  test('a package counts as one: a cheap parent of a rich child takes room', () => {
    const room = { limits: { blockGasMax: 1_500 }, fees: { blockGasTarget: 1_500 } };
    const alone = new PoolBench({}, room);
    const parent = alone.pay(alone.coin(0), { feePerGas: 11 });
    alone.mustAdd(parent);
    assert.ok(alone.pool.estimateFee({ targetBlocks: 1 }).feePerGas < 15);
    alone.mustAdd(alone.pay(alone.out(parent), { feePerGas: 99 }));
    alone.mustAdd(alone.pay(alone.coin(4), { feePerGas: 20 }));
    // The family pays (11 + 99) / 2 per gas and fills the block.
    assert.equal(alone.pool.estimateFee({ targetBlocks: 1 }).feePerGas, 56);
  });

  test('a rising base fee is part of it', () => {
    const bench = new PoolBench();
    for (let i = 0; i < 40; i++) bench.mustAdd(bench.pay(bench.coin(i), { feePerGas: 30 }));
    // Forty transfers use several times the gas target, so the block after asks for an eighth more.
    assert.equal(bench.env.baseFee, 10);
    assert.equal(bench.pool.estimateFee({ targetBlocks: 1 }).feePerGas, 11);
  });

  test('bytes are as scarce as gas', () => {
    const bench = new PoolBench({}, { limits: { blockBytesMax: 800 } });
    for (let i = 0; i < 6; i++) bench.mustAdd(bench.pay(bench.coin(i), { feePerGas: 50 + i }));
    assert.ok(bench.pool.estimateFee({ targetBlocks: 1 }).feePerGas > 50);
  });

  test('a package that is larger than a block holds up nobody', () => {
    const bench = new PoolBench({}, { limits: { blockGasMax: 1_500 }, fees: { blockGasTarget: 1_500 } });
    const first = bench.pay(bench.coin(0), { feePerGas: 90 });
    const second = bench.pay(bench.out(first), { feePerGas: 91 });
    const third = bench.pay(bench.out(second), { feePerGas: 400 });
    bench.mustAdd(first, second, third, bench.pay(bench.coin(4), { feePerGas: 30 }));
    assert.ok(bench.pool.estimateFee({ targetBlocks: 1 }).feePerGas > 100);
    assert.ok(bench.pool.estimateFee({ targetBlocks: 3 }).feePerGas < 30);
  });

  test('what pays less than the base fee of a virtual block does not fill it', () => {
    const { spec } = new PoolBench();
    const totals = { count: 1, bytes: 200, gas: 50_000, fee: 11 * 50_000 };
    const estimates = (baseFee: number) =>
      estimateFees(spec, { height: 5, baseFee: amount(baseFee) }, [{ entries: [], totals }].values());
    // At 11 it fills the block and the base fee of the next one rises; at 16 it waits and the base fee falls.
    assert.equal(estimates(11)[0], 12);
    assert.equal(estimates(16)[0], 16);
  });

  test('is made anew when the pool has changed enough, and when the head moves', () => {
    const bench = new PoolBench({}, { limits: { blockGasMax: 1_500 }, fees: { blockGasTarget: 1_500 } });
    const ask = () => bench.pool.estimateFee({ targetBlocks: 1 }).feePerGas;
    bench.mustAdd(bench.pay(bench.coin(0)));
    assert.ok(ask() < 15);
    for (let i = 1; i < 9; i++) bench.mustAdd(bench.pay(bench.coin(i), { feePerGas: 50 }));
    assert.equal(ask(), 51);
    bench.pool.expire(bench.nowMs + 1e9);
    assert.ok(ask() < 15);
    for (let i = 1; i < 9; i++) bench.mustAdd(bench.pay(bench.coin(i), { feePerGas: 50 }));
    assert.equal(ask(), 51);
    bench.mine();
    bench.mine();
    bench.mine();
    bench.mine();
    assert.ok(ask() < 30);
  });
});

/** Blocks until a transaction at this rate is mined, on a copy of the bench's pool. */
function minedAfter(bench: PoolBench, feePerGas: number): number {
  const copy = new PoolBench({}, { limits: { blockGasMax: 8_000 }, fees: { blockGasTarget: 8_000 } });
  copy.mine([]);
  copy.mustAdd(...bench.pool.transactions());
  const tx = copy.pay(copy.coin(0), { feePerGas });
  const added = copy.add(tx);
  if (!added.ok) return Number.POSITIVE_INFINITY;
  for (let blocks = 1; blocks < 40; blocks++) {
    copy.mine();
    if (!copy.pool.has(tx.txid)) return blocks;
  }
  return Number.POSITIVE_INFINITY;
}

test('an output of a token does not hide the native change', () => {
  const bench = new PoolBench();
  const address = addressOf(bench.coin(0).opening.lock);
  const from = bench.coin(0);
  const asset = bench.tokenOf(from);
  const supply = amount(5);
  const tx = bench.pay(from, {
    actions: [
      {
        kind: 'token-create',
        symbol: 'X',
        name: '',
        decimals: 0,
        supplyMax: supply,
        supply,
        minter: address,
      },
    ],
    outputs: [{ asset, amount: supply, address }],
  });
  bench.mustAdd(tx);
  const move = bench.pay([bench.out(tx, 1), bench.out(tx, 0)], {
    outputs: [{ asset, amount: supply, address }],
  });
  bench.mustAdd(move);
  assert.deepEqual(bench.order([tx, move]), [0, 1]);
});
