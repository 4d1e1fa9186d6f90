import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { keyOpening, testKey } from '../ledger/testing/owners.testing.ts';
import { spend } from '../ledger/testing/spend.testing.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import { createBlock } from '../primitives/block.ts';
import { plainTransaction } from '../primitives/plain-transaction.testing.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { type ChainSpec, specHash } from '../spec/chain-spec.ts';
import { devSpec } from '../spec/presets.ts';
import { coinOutpoint } from '../state/coin.ts';
import { stateRoot } from '../state/world-state.ts';
import { AUTHORITY, TestNode } from './test-node.testing.ts';

const alice = testKey(1);
const bob = testKey(2);

const spec = devSpec({
  authority: AUTHORITY.publicKey,
  genesisTimeMs: 1_700_000_000_000,
  allocations: Array.from({ length: 20 }, () => ({ address: alice.address, amount: amount(1_000_000_000) })),
});

const PAID_TO_AUTHORITY = { publicKey: AUTHORITY.publicKey, payTo: AUTHORITY.address };

/** A payment to bob from allocation `index`. */
function payment(node: TestNode, index: number, hugs = 1000, tip = 0, of = spec): Transaction {
  const place = { spec: of, env: node.node.nextEnvironment(), view: node.node.view() };
  return spend(place, {
    from: [{ outpoint: { txid: specHash(of), index }, opening: keyOpening(alice) }],
    outputs: [{ asset: 0, amount: amount(hugs), address: bob.address }],
    tip,
  });
}

function submit(node: TestNode, ...transactions: Transaction[]): unknown {
  const answer = node.ask({ kind: 'submit', transactions: transactions.map(({ bytes }) => bytes) });
  assert.ok(answer.ok);
  return answer.value;
}

describe('a node', () => {
  test('puts a submitted transaction into a block and finds it again', () => {
    const node = new TestNode({ spec });
    const transaction = payment(node, 0);
    assert.deepEqual(submit(node, transaction), [{ txid: transaction.txid, accepted: true }]);
    assert.equal(node.node.chain.head.height, 1);
    assert.ok(node.ask({ kind: 'follow' }).ok);
    const found = node.queries.transaction(transaction.txid);
    assert.equal(found?.block?.height, 1);
    const balances = node.queries.balances(bob.address);
    assert.ok(balances.ok && balances.value[0]?.confirmed === 1000);
    const history = node.queries.history(bob.address, 10, undefined);
    assert.ok(history.ok && history.value.total === 1);
    assert.deepEqual(
      node.notifications.map(({ kind }) => kind),
      ['transaction', 'head'],
    );
  });

  test('refuses garbage, what it knows, and bad signatures, each by its rule', () => {
    const node = new TestNode({ spec });
    const answer = node.ask({ kind: 'submit', transactions: [Uint8Array.of(1, 2, 3)] });
    assert.ok(answer.ok);
    assert.match(JSON.stringify(answer.value), /codec\/truncated/);
    const deaf = new TestNode({ spec, signaturesValid: false });
    assert.match(JSON.stringify(submit(deaf, payment(deaf, 0))), /tx\/signature-invalid/);
    assert.equal(deaf.node.mempool.size, 0);
    const idle = new TestNode({ spec, production: { kind: 'off' } });
    const transaction = payment(idle, 0);
    submit(idle, transaction);
    assert.match(JSON.stringify(submit(idle, transaction)), /mempool\/known/);
  });

  test('answers only for what is on disk', () => {
    const waiting: (() => void)[] = [];
    const store = new MemoryStore({ schedule: (write) => waiting.push(write) });
    const node = new TestNode({ spec, store });
    for (const write of waiting.splice(0)) write();
    let answered = false;
    node.runner.request({ kind: 'mine', blocks: 1 }, () => {
      answered = true;
    });
    assert.equal(node.node.chain.head.height, 1, 'the block is there');
    assert.equal(answered, false, 'but nobody was told');
    assert.equal(node.notifications.length, 0);
    for (const write of waiting.splice(0)) write();
    assert.equal(answered, true);
    assert.equal(node.notifications.length, 1);
  });

  test('dies when the store fails, refusing what it had not answered, and finds the rest again', () => {
    const store = new MemoryStore();
    const node = new TestNode({ spec, store });
    submit(node, payment(node, 0));
    const root = toHex(stateRoot(node.node.chain.state));
    const full = {
      rule: 'store/disk-full',
      message: 'Full.',
      help: '',
      evidence: {},
      banPoints: 0,
      retry: true,
    };
    store.fail(full);
    const answer = node.ask({ kind: 'mine', blocks: 1 });
    assert.ok(!answer.ok && answer.error.rule === 'node/store-failed');
    assert.equal(node.node.life, 'dead');
    assert.equal(node.death?.rule, 'store/disk-full');
    const after = node.ask({ kind: 'flush' });
    assert.ok(!after.ok && after.error.rule === 'node/not-alive');
    const again = new TestNode({ spec, store: store.crash() });
    assert.equal(again.node.chain.head.height, 1);
    assert.equal(toHex(stateRoot(again.node.chain.state)), root);
  });

  test('leaves nobody without an answer when it dies', () => {
    const waiting: (() => void)[] = [];
    const store = new MemoryStore({ schedule: (write) => waiting.push(write) });
    const node = new TestNode({ spec, store });
    for (const write of waiting.splice(0)) write();
    const rules: string[] = [];
    for (const request of [
      { kind: 'mine', blocks: 50 },
      { kind: 'mine', blocks: 1 },
      { kind: 'flush' },
    ] as const) {
      node.runner.request(request, (answer) => rules.push(answer.ok ? 'ok' : answer.error.rule));
    }
    store.fail({ rule: 'store/io', message: '', help: '', evidence: {}, banPoints: 0, retry: false });
    for (const write of waiting.splice(0)) write();
    assert.deepEqual(rules, ['node/store-failed', 'node/store-failed', 'node/store-failed']);
    assert.equal(node.node.life, 'dead');
  });

  test('keeps everything over a stop, the pool too', () => {
    const store = new MemoryStore();
    const node = new TestNode({ spec, store, production: { kind: 'off' } });
    const transaction = payment(node, 0);
    submit(node, transaction);
    node.runner.dispatch({ type: 'stop' });
    assert.equal(node.death, null);
    const again = new TestNode({ spec, store: store.crash() });
    again.advance(1);
    assert.ok(again.ask({ kind: 'follow' }).ok);
    assert.equal(again.queries.transaction(transaction.txid)?.block?.height, 1, 'the restored pool is mined');
  });

  test('mines, moves time, reverts and reorganises on request', () => {
    const node = new TestNode({ spec });
    assert.ok(node.ask({ kind: 'mine', blocks: 3 }).ok);
    const snapshot = node.ask({ kind: 'snapshot' });
    assert.ok(snapshot.ok);
    const { snapshot: name } = snapshot.value as { snapshot: string };
    const root = toHex(stateRoot(node.node.chain.state));
    const transaction = payment(node, 0);
    submit(node, transaction);
    node.advance(2);
    assert.equal(node.node.chain.head.height, 4);
    assert.ok(node.ask({ kind: 'reorg', depth: 1 }).ok);
    assert.ok(node.node.chain.head.height >= 5);
    node.advance(5);
    assert.ok(node.ask({ kind: 'follow' }).ok);
    assert.notEqual(node.queries.transaction(transaction.txid)?.block, undefined, 'it was mined again');
    assert.ok(node.ask({ kind: 'revert', snapshot: name }).ok);
    assert.equal(node.node.chain.head.height, 3);
    assert.equal(toHex(stateRoot(node.node.chain.state)), root);
    const later = node.nowMs + 3_600_000;
    assert.ok(node.ask({ kind: 'set-time', timeMs: later }).ok);
    assert.ok(node.ask({ kind: 'mine', blocks: 1 }).ok);
    assert.ok(node.node.chain.head.header.timeMs >= later);
    const back = node.ask({ kind: 'set-time', timeMs: node.nowMs });
    assert.ok(!back.ok && back.error.rule === 'node/time-goes-back');
  });

  test('a reorganisation begins at the head it finds when its turn comes', () => {
    const node = new TestNode({ spec });
    assert.ok(node.ask({ kind: 'mine', blocks: 5 }).ok);
    const answers: Result<unknown>[] = [];
    // More blocks than the finality is deep, so what was 2 blocks below the head is final when its turn comes.
    node.runner.request({ kind: 'mine', blocks: 40 }, (answer) => answers.push(answer));
    node.runner.request({ kind: 'reorg', depth: 2 }, (answer) => answers.push(answer));
    for (let i = 0; i < 100; i++) node.advance(1);
    const [mined, replaced] = answers;
    assert.ok(mined?.ok && replaced?.ok);
    const made = replaced.value as string[];
    assert.equal(made.length, 3);
    assert.equal(toHex(node.node.chain.head.id), made[2]);
    assert.equal(node.node.chain.head.height, 46);
    const news = node.notifications.at(-1);
    assert.ok(news?.kind === 'head' && news.reverted === 2);
  });

  test('a revert under a reorganisation that is being made ends it by a refusal', () => {
    const node = new TestNode({ spec });
    const snapshot = node.ask({ kind: 'snapshot' });
    assert.ok(snapshot.ok);
    assert.ok(node.ask({ kind: 'mine', blocks: 5 }).ok);
    let answer: Result<unknown> | undefined;
    node.runner.request({ kind: 'reorg', depth: 3 }, (result) => {
      answer = result;
    });
    node.advance(1);
    const { snapshot: name } = snapshot.value as { snapshot: string };
    assert.ok(node.ask({ kind: 'revert', snapshot: name }).ok);
    for (let i = 0; i < 20; i++) node.advance(1);
    assert.ok(answer !== undefined && !answer.ok && answer.error.rule === 'node/reorg-depth');
    assert.ok(node.ask({ kind: 'mine', blocks: 1 }).ok, 'the next order is not held up');
  });

  test('a block for every payment also makes those that lower the fee for the payments that wait', () => {
    const fees = { ...spec.fees, baseFeeInitial: amount(100), baseFeeMin: amount(1), blockGasTarget: 1000 };
    const crowded: ChainSpec = { ...spec, fees, limits: { ...spec.limits, blockGasMax: 5000 } };
    const node = new TestNode({ spec: crowded });
    const payments = Array.from({ length: 10 }, (_, index) => payment(node, index, 1000, 0, crowded));
    submit(node, ...payments);
    for (let i = 0; i < 100; i++) node.advance(1);
    assert.equal(node.node.mempool.size, 0, 'nothing is stranded above its fee');
    const { height } = node.node.chain.head;
    for (let i = 0; i < 100; i++) node.advance(1);
    assert.equal(node.node.chain.head.height, height, 'and no block is made for nothing');
  });

  test('a revert drops from the pool what builds on a payment that is gone', () => {
    const production = { kind: 'interval', intervalMs: 1000, ...PAID_TO_AUTHORITY } as const;
    const node = new TestNode({ spec, production });
    const snapshot = node.ask({ kind: 'snapshot' });
    assert.ok(snapshot.ok);
    const parent = payment(node, 0);
    submit(node, parent);
    assert.ok(node.ask({ kind: 'mine', blocks: 1 }).ok);
    const place = { spec, env: node.node.nextEnvironment(), view: node.node.view() };
    const from = { outpoint: { txid: parent.txid, index: 0 }, opening: keyOpening(bob) };
    const child = spend(place, {
      from: [from, { outpoint: { txid: parent.txid, index: 1 }, opening: keyOpening(alice) }],
    });
    const other = payment(node, 1);
    submit(node, child, other);
    assert.equal(node.node.mempool.size, 2);
    const { snapshot: name } = snapshot.value as { snapshot: string };
    assert.ok(node.ask({ kind: 'revert', snapshot: name }).ok);
    assert.deepEqual([...node.node.mempool.transactions()].map(plainTransaction), [other]);
  });

  test('a reorganisation of empty blocks drops from the pool what spends their rewards', () => {
    const economy = {
      ...spec.economy,
      cap: amount(10 ** 12),
      reward: amount(10 ** 6),
      rewardMaturityBlocks: 1,
    };
    const rewarding: ChainSpec = { ...spec, economy };
    const production = { kind: 'interval', intervalMs: 1_000_000, ...PAID_TO_AUTHORITY } as const;
    const node = new TestNode({ spec: rewarding, production });
    assert.ok(node.ask({ kind: 'mine', blocks: 3 }).ok);
    const last = node.queries.block({ kind: 'id', id: node.node.chain.head.id });
    const [reward] = last?.transactions ?? [];
    assert.ok(reward !== undefined);
    const place = { spec: rewarding, env: node.node.nextEnvironment(), view: node.node.view() };
    const spent = spend(place, {
      from: [{ outpoint: { txid: reward.txid, index: 0 }, opening: keyOpening(AUTHORITY) }],
    });
    submit(node, spent);
    assert.equal(node.node.mempool.size, 1);
    node.nowMs += 1;
    // The new blocks pay their rewards to another address, as those of another node would.
    const other = new TestNode({
      spec: rewarding,
      production: { ...production, payTo: bob.address },
      nowMs: node.nowMs,
    });
    assert.ok(other.ask({ kind: 'mine', blocks: 4 }).ok);
    node.nowMs = other.nowMs;
    for (let height = 1; height <= 4; height++) {
      const block = other.queries.block({ kind: 'height', height });
      assert.ok(block !== undefined && node.ask({ kind: 'import', block: block.bytes }).ok);
    }
    assert.equal(toHex(node.node.chain.head.id), toHex(other.node.chain.head.id));
    assert.equal(node.node.mempool.size, 0);
  });

  test('a signer that fails is asked again after a pause, not at once', () => {
    const node = new TestNode({ spec, sign: () => undefined });
    submit(node, payment(node, 0));
    const failures = () =>
      node.logs.filter(({ part, level }) => part === 'producer' && level === 'error').length;
    for (let i = 0; i < 900; i++) node.advance(1);
    assert.equal(failures(), 1);
    for (let i = 0; i < 1000; i++) node.advance(1);
    assert.equal(failures(), 2);
  });

  test('a restart with a head in the future goes on from there', () => {
    const store = new MemoryStore();
    const node = new TestNode({ spec, store });
    assert.ok(node.ask({ kind: 'set-time', timeMs: node.nowMs + 86_400_000 }).ok);
    assert.ok(node.ask({ kind: 'mine', blocks: 1 }).ok);
    const again = new TestNode({ spec, store: store.crash() });
    assert.ok(again.ask({ kind: 'mine', blocks: 1 }).ok);
    assert.equal(again.node.chain.head.height, 2);
  });

  test('imports the blocks of another node, and refuses one with a changed signature', () => {
    const source = new TestNode({ spec });
    submit(source, payment(source, 0));
    const { head } = source.node.chain;
    const block = source.queries.block({ kind: 'id', id: head.id });
    assert.ok(block !== undefined);
    const follower = new TestNode({ spec, production: { kind: 'off' }, nowMs: source.nowMs });
    assert.deepEqual(follower.ask({ kind: 'import', block: block.bytes }), {
      ok: true,
      value: toHex(head.id),
    });
    assert.equal(toHex(follower.node.chain.head.id), toHex(head.id));
    const suspicious = new TestNode({ spec, production: { kind: 'off' }, signaturesValid: false });
    const refused = suspicious.ask({ kind: 'import', block: block.bytes });
    assert.ok(!refused.ok && refused.error.rule === 'tx/signature-invalid');
    assert.equal(suspicious.node.chain.head.height, 0);
  });

  test('a good header with other transactions is refused before a signature is checked', () => {
    const source = new TestNode({ spec });
    submit(source, payment(source, 0));
    const block = source.queries.block({ kind: 'id', id: source.node.chain.head.id });
    assert.ok(block !== undefined);
    const follower = new TestNode({
      spec,
      production: { kind: 'off' },
      nowMs: source.nowMs,
      signaturesValid: false,
    });
    const other = createBlock(block.header, block.transactions.slice(0, 1));
    const refused = follower.ask({ kind: 'import', block: other.bytes });
    assert.ok(!refused.ok && refused.error.rule === 'block/tx-root-mismatch');
    assert.deepEqual(follower.signaturesAsked, []);
    const good = new TestNode({ spec, production: { kind: 'off' }, nowMs: source.nowMs });
    assert.ok(!good.ask({ kind: 'import', block: other.bytes }).ok);
    assert.ok(good.ask({ kind: 'import', block: block.bytes }).ok);
  });

  test('a list of coins that cannot go on says so rather than end', () => {
    const node = new TestNode({ spec });
    const first = node.queries.coins(alice.address, 5, undefined);
    assert.ok(first.ok && first.value.length === 5);
    const second = node.queries.coins(alice.address, 100, first.value.at(-1)?.outpoint);
    assert.ok(second.ok && second.value.length === 15);
    const gone = node.queries.coins(alice.address, 5, { txid: new Uint8Array(32), index: 0 });
    assert.ok(!gone.ok && gone.error.rule === 'node/page-gone' && gone.error.retry);
  });

  test('interval production makes empty blocks at its pace', () => {
    const production = {
      kind: 'interval',
      intervalMs: 100,
      publicKey: AUTHORITY.publicKey,
      payTo: AUTHORITY.address,
    } as const;
    const node = new TestNode({ spec, production });
    const before = node.node.chain.head.height;
    for (let i = 0; i < 1000; i++) node.advance(1);
    const made = node.node.chain.head.height - before;
    assert.ok(made >= 9 && made <= 10, `${made} blocks in a second`);
  });

  test('the coin index follows the state', () => {
    const node = new TestNode({ spec });
    submit(node, payment(node, 0), payment(node, 1), payment(node, 2));
    assert.ok(node.ask({ kind: 'reorg', depth: 1 }).ok);
    node.advance(5);
    const coins = node.node.coins;
    assert.ok(coins !== undefined);
    let counted = 0;
    for (const { address } of [alice, bob, AUTHORITY]) {
      for (const { key, coin } of coins.coins(address)) {
        counted += 1;
        assert.notEqual(node.queries.coin(coinOutpoint(key, coin)), undefined);
      }
    }
    assert.equal(counted, node.queries.status().coins);
  });
});
