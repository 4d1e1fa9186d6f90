import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import { keyOpening, type Opening, testKey, testOwners } from '../ledger/testing/owners.testing.ts';
import { addressOf } from '../primitives/address.ts';
import { PACKAGE_COUNT_MAX } from './limits.ts';
import { PoolBench, type TestCoin } from './mempool.testing.ts';

const NOTE = new Uint8Array(32).fill(7);

describe('a new block', () => {
  test('takes its transactions out and leaves their children with fewer ancestors', () => {
    const bench = new PoolBench();
    const parent = bench.pay(bench.coin(0));
    const child = bench.pay(bench.out(parent));
    const grandchild = bench.pay(bench.out(child));
    bench.mustAdd(parent, child, grandchild);
    assert.deepEqual(bench.mine([parent]), { returned: [], dropped: [] });
    assert.equal(bench.pool.has(parent.txid), false);
    const info = bench.pool.info(grandchild.txid);
    assert.equal(info?.ancestors.count, 2);
    assert.equal(info?.ancestors.fee, 2 * (info?.fee ?? 0));
    assert.deepEqual(bench.pool.info(child.txid)?.parents, []);
  });

  test('drops what spends the same coins, with all that builds on it', () => {
    const bench = new PoolBench();
    const mine = bench.pay(bench.coin(0));
    const child = bench.pay(bench.out(mine));
    const other = bench.pay(bench.coin(4));
    bench.mustAdd(mine, child, other);
    const theirs = bench.pay(bench.coin(0), { feePerGas: 15 });
    assert.deepEqual(bench.mine([theirs]), { returned: [], dropped: [child, mine] });
    assert.deepEqual([...bench.pool.transactions()], [other]);
  });

  test('drops what expires below the next height, and nothing before', () => {
    const bench = new PoolBench();
    const soon = bench.pay(bench.coin(0), { expiryHeight: 2 });
    const onSoon = bench.pay(bench.out(soon));
    const later = bench.pay(bench.coin(4), { expiryHeight: 3 });
    bench.mustAdd(soon, onSoon, later);
    assert.deepEqual(bench.mine([]).dropped, []);
    assert.deepEqual(bench.mine([]).dropped, [onSoon, soon]);
    assert.deepEqual(bench.mine([]).dropped, [later]);
    assert.equal(bench.pool.stats().indexed, 0);
  });

  test('drops a mint that a foreign mint leaves no room for, and keeps the others', () => {
    const bench = new PoolBench();
    const { created, asset, mint } = makeToken(bench, 100);
    bench.mine([created]);
    const [first, second] = [mint(bench.coin(4), 60), mint(bench.coin(8), 40)];
    const held = bench.pay([bench.out(first, 1), bench.out(first, 0)], {
      outputs: [{ asset, amount: amount(60), address: addressOf(bench.coin(0).opening.lock) }],
    });
    bench.mustAdd(first, second, held);
    const foreign = mint(bench.coin(12), 50);
    assert.deepEqual(new Set(bench.mine([foreign]).dropped), new Set([first, held]));
    assert.deepEqual([...bench.pool.transactions()], [second]);
    assert.deepEqual(bench.pool.info(second.txid)?.parents, []);
  });

  test('another node may take two mints in the other order', () => {
    const bench = new PoolBench();
    const { created, mint } = makeToken(bench, 100);
    bench.mine([created]);
    const mints = [4, 8, 12].map((i) => mint(bench.coin(i), 10));
    bench.mustAdd(...mints);
    const [first, second, third] = mints;
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    assert.deepEqual(bench.mine([second]).dropped, []);
    assert.deepEqual(bench.pool.info(third.txid)?.parents, [first.txid]);
    assert.deepEqual(bench.pool.info(third.txid)?.ancestors.count, 2);
    bench.mine();
    assert.equal(bench.pool.size, 0);
  });

  test('drops a notarisation that is in a block already by another transaction', () => {
    const bench = new PoolBench();
    const notarise = (coin: TestCoin) =>
      bench.pay(coin, { actions: [{ kind: 'data', hash: NOTE, note: '' }] });
    const waiting = notarise(bench.coin(0));
    bench.mustAdd(waiting);
    const refused = bench.add(notarise(bench.coin(4)));
    assert.equal(!refused.ok && refused.error.rule, 'data/already-notarised');
    assert.deepEqual(bench.mine([notarise(bench.coin(8))]).dropped, [waiting]);
  });
});

test('what is checked again keeps its age, and waits while the base fee is above what it pays', () => {
  const bench = new PoolBench();
  const note = bench.pay(bench.coin(0), { actions: [{ kind: 'data', hash: NOTE, note: '' }], feePerGas: 10 });
  bench.mustAdd(note);
  const receivedMs = bench.nowMs;
  bench.mine(Array.from({ length: 20 }, (_, i) => bench.pay(bench.coin(20 + i))));
  assert.ok(bench.env.baseFee > 10);
  assert.equal(bench.pool.info(note.txid)?.receivedMs, receivedMs);
  assert.deepEqual([...bench.pool.candidates()], []);
  while (bench.env.baseFee > 10) bench.mine([]);
  assert.deepEqual([...bench.pool.candidates()], [note]);
});

test('burns of the native coin are not chained to each other', () => {
  const bench = new PoolBench();
  const burn = (coin: TestCoin) =>
    bench.pay([coin], { actions: [{ kind: 'token-burn', asset: 0, amount: amount(1) }], outputs: [] });
  const burns = [bench.coin(0), bench.coin(4)].map(burn);
  bench.mustAdd(...burns);
  for (const { txid } of burns) assert.deepEqual(bench.pool.info(txid)?.parents, []);
});

describe('a reorganisation', () => {
  test('what comes back wins over what spends the same coin', () => {
    const bench = new PoolBench();
    const waiting = bench.pay(bench.coin(0), { feePerGas: 30 });
    const back = bench.pay(bench.coin(0), { feePerGas: 20 });
    bench.mustAdd(waiting);
    const move = bench.pool.headMoved({ removed: [back], added: [] }, bench.view, bench.env, bench.nowMs);
    assert.deepEqual(move, { returned: [back], dropped: [waiting] });
  });

  test('brings back what the new branch has not, below what builds on it', () => {
    const bench = new PoolBench();
    const parent = bench.pay(bench.coin(0));
    const kept = bench.pay(bench.coin(4));
    bench.mustAdd(parent, kept);
    bench.mine();
    const child = bench.pay(bench.out(parent));
    bench.mustAdd(child);
    assert.deepEqual(bench.reorganise(1, [kept]), { returned: [parent], dropped: [] });
    assert.deepEqual(bench.pool.info(child.txid)?.parents, [parent.txid]);
    assert.deepEqual(bench.order([parent, child]), [0, 1]);
    assert.equal(bench.pool.info(child.txid)?.receivedMs, bench.nowMs);
  });

  test('drops what the new branch spends otherwise, and what hangs on a reward that is gone', () => {
    const bench = new PoolBench();
    bench.mine([]);
    const [rewarded] = bench.history.blocks[0]?.block.transactions ?? [];
    assert.ok(rewarded !== undefined);
    bench.mine([]);
    const paid = bench.pay(bench.coin(0));
    bench.mine([paid]);
    const onReward = bench.pay(bench.out(rewarded));
    const onPaid = bench.pay(bench.out(paid));
    bench.mustAdd(onReward, onPaid);
    // A reward that is created at the same height by the same producer is the same coin, so this one pays another.
    const tipped = bench.pay(bench.coin(8), { feePerGas: 99 });
    const move = bench.reorganise(3, [tipped], [bench.pay(bench.coin(0), { feePerGas: 33 })], []);
    assert.deepEqual(move.returned, []);
    assert.deepEqual(new Set(move.dropped), new Set([onReward, onPaid]));
    assert.equal(bench.pool.stats().indexed, 0);
  });

  test('drops what came too early for the lower height: maturity, height, time and age', () => {
    const owners = testOwners(1_760_000_000_000);
    const opening = (name: string, way: number): Opening => {
      const found = owners.find((owner) => owner.name === name)?.openings[way];
      assert.ok(found !== undefined);
      return found;
    };
    const locked = [
      opening('timelock by height', 0),
      opening('timelock by time', 0),
      opening('recoverable', 1),
    ];
    const bench = new PoolBench();
    const payments = locked.map((to, i) => bench.pay(bench.coin(4 * i), { to }));
    bench.mine(payments);
    const [rewarded] = bench.history.blocks[0]?.block.transactions ?? [];
    assert.ok(rewarded !== undefined);
    for (let i = 0; i < 4; i++) bench.mine([]);
    const spends = payments.map((payment, i) => bench.pay(bench.out(payment, 0, locked[i] as Opening)));
    const plain = bench.pay(bench.coin(40));
    bench.mustAdd(...spends, bench.pay(bench.out(rewarded, 0, keyOpening(testKey(0)))), plain);
    assert.equal(bench.pool.size, 5);
    const { dropped } = bench.reorganise(4);
    assert.equal(dropped.length, 4);
    assert.deepEqual([...bench.pool.transactions()], [plain]);
  });

  test('keeps the limits of chains when what comes back makes them longer', () => {
    const bench = new PoolBench();
    const old = [bench.pay(bench.coin(0))];
    for (let i = 1; i < 10; i++) old.push(bench.pay(bench.out(old.at(-1) as never)));
    bench.mine(old);
    const waiting = [bench.pay(bench.out(old.at(-1) as never))];
    for (let i = 1; i < 20; i++) waiting.push(bench.pay(bench.out(waiting.at(-1) as never)));
    bench.mustAdd(...waiting);
    const { returned, dropped } = bench.reorganise(1);
    assert.deepEqual(returned, old);
    assert.equal(bench.pool.size, PACKAGE_COUNT_MAX);
    assert.equal(dropped.length, 5);
  });

  test('a token comes back before its mint, and both hold', () => {
    const bench = new PoolBench();
    const { created, mint } = makeToken(bench, 100);
    const minted = mint(bench.coin(4), 100);
    bench.mine([created]);
    bench.mine([minted]);
    assert.deepEqual(bench.reorganise(2).returned, [created, minted]);
    assert.deepEqual(bench.pool.info(minted.txid)?.parents, [created.txid]);
    bench.mine();
    assert.equal(bench.pool.size, 0);
  });

  test('a clock that is set back without another branch only looks at what depends on it', () => {
    const owners = testOwners(1_760_000_000_000);
    const lock = owners.find(({ name }) => name === 'timelock by time')?.openings[0];
    assert.ok(lock !== undefined);
    const bench = new PoolBench();
    const payment = bench.pay(bench.coin(0), { to: lock });
    bench.mine([payment]);
    const late = { ...bench.env, timeMs: bench.env.timeMs + 10_000 };
    const spend = bench.pay(bench.out(payment, 0, lock));
    assert.ok(bench.pool.add(spend, bench.view, late, bench.nowMs).ok);
    const same = bench.pool.headMoved({ removed: [], added: [] }, bench.view, late, bench.nowMs);
    assert.deepEqual(same.dropped, []);
    const back = bench.pool.headMoved({ removed: [], added: [] }, bench.view, bench.env, bench.nowMs);
    assert.deepEqual(back.dropped, [spend]);
  });
});

test('the environment of another chain stops the program', () => {
  const bench = new PoolBench();
  const env = { ...bench.env, chainId: new Uint8Array(32) };
  assert.throws(() => bench.pool.add(bench.pay(bench.coin(0)), bench.view, env, 0), /another chain/);
});

/** A token whose minter owns coins 0, 4, 8, … and which does not exist in a block yet. */
function makeToken(bench: PoolBench, supplyMax: number) {
  const from = bench.coin(0);
  const minter = addressOf(from.opening.lock);
  const asset = bench.tokenOf(from);
  const supply = { supplyMax: amount(supplyMax), supply: amount(0) };
  const created = bench.pay(from, {
    actions: [{ kind: 'token-create', symbol: 'GOLD', name: '', decimals: 0, ...supply, minter }],
  });
  const mint = (coin: TestCoin, minted: number) =>
    bench.pay(coin, {
      actions: [{ kind: 'token-mint', asset, amount: amount(minted) }],
      outputs: [{ asset, amount: amount(minted), address: minter }],
    });
  return { created, asset, mint };
}
