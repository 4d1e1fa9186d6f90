import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import type { Result } from '../base/result.ts';
import { addressOf } from '../primitives/address.ts';
import { checkChain } from './admission.ts';
import type { PoolEntry } from './entry.ts';
import { ceilRate } from './fee-rate.ts';
import { PACKAGE_BYTES_MAX, PACKAGE_COUNT_MAX } from './limits.ts';
import { PoolBench, type TestCoin } from './mempool.testing.ts';
import { keepRate } from './pool-graph.ts';

function refusal(result: Result<unknown>) {
  assert.ok(!result.ok, 'refused');
  return result.error;
}

describe('add', () => {
  test('takes a valid transaction and finds it by everything it is looked up by', () => {
    const bench = new PoolBench();
    const tx = bench.pay(bench.coin(0));
    assert.deepEqual(bench.add(tx), { ok: true, value: { replaced: [], evicted: [] } });
    assert.equal(bench.pool.get(tx.txid), tx);
    assert.equal(bench.pool.has(tx.txid), true);
    assert.equal(bench.pool.spends(bench.coin(0).outpoint), tx);
    assert.equal(bench.pool.spends(bench.coin(1).outpoint), undefined);
    assert.equal(bench.pool.size, 1);
    assert.equal(bench.pool.bytes, tx.bytes.length);
    assert.deepEqual([...bench.pool.transactions()], [tx]);
    const info = bench.pool.info(tx.txid);
    assert.equal(info?.fee, (info?.gas ?? 0) * 20);
  });

  test('mempool/known: the same txid again, and asked beforehand', () => {
    const bench = new PoolBench();
    const tx = bench.pay(bench.coin(0));
    assert.equal(bench.pool.checkUnknown(tx.txid).ok, true);
    bench.mustAdd(tx);
    assert.equal(refusal(bench.add(tx)).rule, 'mempool/known');
    assert.equal(refusal(bench.pool.checkUnknown(tx.txid)).rule, 'mempool/known');
  });

  test('the rules of the ledger keep their ids, and nothing changes', () => {
    const bench = new PoolBench();
    const missing = { ...bench.coin(0), outpoint: { txid: new Uint8Array(32), index: 7 } };
    assert.equal(refusal(bench.add(bench.pay(missing))).rule, 'tx/coin-missing');
    assert.equal(refusal(bench.add(bench.pay(bench.coin(0), { feePerGas: 9 }))).rule, 'tx/fee-too-low');
    const expired = bench.pay(bench.coin(0), { expiryHeight: 1 });
    bench.mine([]);
    assert.equal(refusal(bench.add(expired)).rule, 'tx/expired');
    assert.deepEqual([bench.pool.size, bench.pool.stats().indexed], [0, 0]);
  });

  test('a child is checked against the coins of its parent', () => {
    const bench = new PoolBench();
    const parent = bench.pay(bench.coin(0), { parts: 2 });
    const child = bench.pay(bench.out(parent, 1));
    assert.equal(refusal(bench.add(child)).rule, 'tx/coin-missing');
    bench.mustAdd(parent, child);
    assert.deepEqual(bench.pool.info(child.txid)?.parents, [parent.txid]);
    const beyond: TestCoin = { ...bench.out(parent, 1), outpoint: { txid: parent.txid, index: 2 } };
    assert.equal(refusal(bench.add(bench.pay(beyond))).rule, 'tx/coin-missing');
  });

  test('a mint of a token that waits in the pool builds on its creation, and the limit holds over both', () => {
    const bench = new PoolBench();
    const { create, mint } = tokenMaker(bench);
    const created = create(1000);
    bench.mustAdd(created.tx);
    const first = mint(bench.coin(4), created.asset, 600);
    const second = mint(bench.coin(8), created.asset, 401);
    bench.mustAdd(first);
    assert.deepEqual(bench.pool.info(first.txid)?.parents, [created.tx.txid]);
    assert.equal(refusal(bench.add(second)).rule, 'token/supply-exceeded');
    bench.mustAdd(mint(bench.coin(8), created.asset, 400));
  });
});

describe('limits of chains', () => {
  test('mempool/too-many-ancestors: the 26th of a chain', () => {
    const bench = new PoolBench();
    let last = bench.pay(bench.coin(0));
    for (let i = 1; i < PACKAGE_COUNT_MAX; i++) {
      bench.mustAdd(last);
      last = bench.pay(bench.out(last));
    }
    bench.mustAdd(last);
    // All 25 of the chain have 25 descendants at most, so the count from below is the one that refuses first.
    const parents = Array.from({ length: PACKAGE_COUNT_MAX }, (_, i) => bench.pay(bench.coin(4 + 4 * i)));
    bench.mustAdd(...parents);
    const tooMany = refusal(bench.add(bench.pay(parents.map((parent) => bench.out(parent)))));
    assert.equal(tooMany.rule, 'mempool/too-many-ancestors');
    assert.deepEqual(tooMany.evidence, { got: 26, expected: 25 });
    assert.equal(tooMany.retry, true);
    assert.equal(bench.add(bench.pay(parents.slice(1).map((parent) => bench.out(parent)))).ok, true);
  });

  test('mempool/too-many-descendants: the 26th child', () => {
    const bench = new PoolBench();
    const parent = bench.pay(bench.coin(0), { parts: PACKAGE_COUNT_MAX });
    bench.mustAdd(parent);
    for (let i = 1; i < PACKAGE_COUNT_MAX; i++) bench.mustAdd(bench.pay(bench.out(parent, i)));
    const child = bench.pay(bench.out(parent, 0));
    assert.equal(refusal(bench.add(child)).rule, 'mempool/too-many-descendants');
    bench.mine([parent]);
    bench.mustAdd(child);
  });

  test('mempool/chain-too-large: more than 101,000 bytes in a chain, from above and from below', () => {
    const bench = new PoolBench({}, { limits: { transactionBytesMax: 60_000, blockGasMax: 1_000_000 } });
    const output = { asset: 0, amount: amount(1), address: addressOf(bench.coin(0).opening.lock) };
    const outputs = Array.from({ length: 250 }, () => output);
    const large = (coin: TestCoin) => bench.pay(coin, { outputs });
    let last = large(bench.coin(0));
    bench.mustAdd(last);
    for (let bytes = 2 * last.bytes.length; bytes <= PACKAGE_BYTES_MAX; bytes += last.bytes.length) {
      last = large(bench.out(last));
      bench.mustAdd(last);
    }
    assert.equal(refusal(bench.add(large(bench.out(last)))).rule, 'mempool/chain-too-large');
    const parents = Array.from({ length: 9 }, (_, i) => large(bench.coin(4 + 4 * i)));
    bench.mustAdd(...parents);
    const sum = refusal(bench.add(bench.pay(parents.map((parent) => bench.out(parent)))));
    assert.equal(sum.rule, 'mempool/chain-too-large');
  });
});

test('a transaction that is chained to nothing may be as large as the chain allows', () => {
  const bytes = new Uint8Array(PACKAGE_BYTES_MAX + 1);
  const entry = { transaction: { bytes }, parents: [] } as unknown as PoolEntry;
  assert.ok(checkChain(entry).ok);
});

test('an entry is worth its own rate, or that of it with its descendants where this is higher', () => {
  const descendants = (fee: number) => ({ count: 2, bytes: 2, fee, gas: 20 });
  const entry = (fee: number) =>
    ({ fee: 100, gas: 10, descendants: descendants(fee) }) as unknown as PoolEntry;
  assert.equal(ceilRate(keepRate(entry(150))), 10);
  assert.equal(ceilRate(keepRate(entry(300))), 15);
});

describe('packages', () => {
  /** A pool that holds 4, is full, and asks for more than the base fee. */
  function fullBench(): PoolBench {
    const bench = new PoolBench({ countMax: 4 });
    for (let i = 0; i < 5; i++) bench.mustAdd(bench.pay(bench.coin(4 + 4 * i), { feePerGas: 30 + i }));
    assert.equal(bench.pool.stats().feePerGasMin, 31);
    return bench;
  }

  test('a child pays for a parent below the minimum', () => {
    const bench = fullBench();
    const parent = bench.pay(bench.coin(0), { feePerGas: 12 });
    const child = bench.pay(bench.out(parent), { feePerGas: 100 });
    assert.equal(refusal(bench.add(parent)).rule, 'mempool/fee-too-low');
    const added = bench.addPackage(parent, child);
    assert.ok(added.ok);
    assert.equal(added.value.evicted.length, 2);
    assert.ok(bench.pool.has(parent.txid) && bench.pool.has(child.txid));
    assert.deepEqual(bench.order([parent, child]).slice(0, 2), [0, 1]);
  });

  test('mempool/fee-too-low: a package that does not pay enough together leaves no trace', () => {
    const bench = fullBench();
    const before = bench.pool.stats();
    const parent = bench.pay(bench.coin(0), { feePerGas: 12 });
    const child = bench.pay(bench.out(parent), { feePerGas: 31 });
    const refused = refusal(bench.addPackage(parent, child));
    assert.equal(refused.rule, 'mempool/fee-too-low');
    assert.deepEqual(bench.pool.stats(), before);
  });

  test('a child cannot pay the base fee of its parent: the ledger asks each transaction for it', () => {
    const bench = new PoolBench();
    const parent = bench.pay(bench.coin(0), { feePerGas: 9 });
    const child = bench.pay(bench.out(parent), { feePerGas: 100 });
    assert.equal(refusal(bench.addPackage(parent, child)).rule, 'tx/fee-too-low');
  });

  test('what the pool has already is skipped, but the last one must be new', () => {
    const bench = new PoolBench();
    const parent = bench.pay(bench.coin(0));
    const child = bench.pay(bench.out(parent));
    bench.mustAdd(parent);
    assert.equal(bench.addPackage(parent, child).ok, true);
    assert.equal(refusal(bench.addPackage(parent, child)).rule, 'mempool/known');
  });

  test('mempool/package-shape: order, strangers, repetitions, size', () => {
    const bench = new PoolBench();
    const parent = bench.pay(bench.coin(0));
    const child = bench.pay(bench.out(parent));
    const stranger = bench.pay(bench.coin(1));
    const many = Array.from({ length: 26 }, (_, i) => bench.pay(bench.coin(i)));
    for (const txs of [[child, parent], [stranger, parent, child], [parent, parent, child], [], many]) {
      assert.equal(refusal(bench.addPackage(...txs)).rule, 'mempool/package-shape');
    }
    const top = bench.pay(bench.coin(8), { parts: 2 });
    const middle = bench.pay(bench.out(top, 0));
    const last = bench.pay([bench.out(top, 1), bench.out(middle)]);
    assert.equal(refusal(bench.addPackage(middle, top, last)).rule, 'mempool/package-shape');
    assert.equal(bench.pool.size, 0);
    assert.ok(bench.addPackage(top, middle, last).ok);
  });
});

/** Makes a token whose minter is the owner of coins 0, 4, 8, … */
function tokenMaker(bench: PoolBench) {
  const address = addressOf(bench.coin(0).opening.lock);
  return {
    create(supplyMax: number) {
      const from = bench.coin(0);
      const tx = bench.pay(from, {
        actions: [
          {
            kind: 'token-create',
            symbol: 'GOLD',
            name: '',
            decimals: 0,
            supplyMax: amount(supplyMax),
            supply: amount(0),
            minter: address,
          },
        ],
      });
      return { tx, asset: bench.tokenOf(from) };
    },
    mint(from: TestCoin, asset: number, minted: number) {
      return bench.pay(from, {
        actions: [{ kind: 'token-mint', asset, amount: amount(minted) }],
        outputs: [{ asset, amount: amount(minted), address }],
      });
    },
  };
}
