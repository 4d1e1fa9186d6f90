import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import type { Block } from '../primitives/block.ts';
import { devSpec } from '../spec/presets.ts';
import { isAlive, type LifeEvent, type LifeState, nextLife } from './life.ts';
import { COMMITS_WAITING_MAX } from './limits.ts';
import { Outbox } from './outbox.ts';
import { AUTHORITY, TestNode } from './test-node.testing.ts';

function expectBlock({ node }: TestNode, height: number): Block {
  const id = node.chain.idAt(height);
  const block = id === undefined ? undefined : node.chain.block(id);
  assert.ok(block?.ok);
  return block.value;
}

const spec = devSpec({ authority: AUTHORITY.publicKey, genesisTimeMs: 1_700_000_000_000, allocations: [] });

describe('what strangers can grow is bounded', () => {
  test('requests that wait for an answer', () => {
    const waiting: (() => void)[] = [];
    const node = new TestNode({ spec, store: new MemoryStore({ schedule: (write) => waiting.push(write) }) });
    const answers: Result<unknown>[] = [];
    node.runner.request({ kind: 'mine', blocks: 1 }, () => {});
    for (let i = 0; i < 5000; i++) node.runner.whenDurable((result) => answers.push(result));
    assert.equal(answers.length, 5000 - 4095, 'the rest waits for the disk');
    assert.ok(answers.every((answer) => !answer.ok && answer.error.rule === 'node/busy'));
    for (const write of waiting.splice(0)) write();
    assert.equal(answers.length, 5000);
  });

  test('snapshots', () => {
    const node = new TestNode({ spec });
    for (let i = 0; i < 1030; i++) assert.ok(node.ask({ kind: 'snapshot' }).ok);
    const first = node.ask({ kind: 'revert', snapshot: '1' });
    assert.ok(!first.ok && first.error.rule === 'node/unknown-snapshot');
    assert.ok(node.ask({ kind: 'revert', snapshot: '1030' }).ok);
    const again = node.ask({ kind: 'revert', snapshot: '1030' });
    assert.ok(!again.ok, 'a snapshot is used once');
  });

  test('orders for blocks', () => {
    const node = new TestNode({ spec });
    let busy = 0;
    for (let i = 0; i < 100; i++) {
      node.runner.request({ kind: 'mine', blocks: 1000 }, (answer) => {
        if (!answer.ok && answer.error.rule === 'node/busy') busy += 1;
      });
    }
    assert.ok(busy > 0 && busy < 100);
  });
});

describe('a disk that stands still', () => {
  const slow = () => {
    const waiting: (() => void)[] = [];
    const store = new MemoryStore({ schedule: (write) => waiting.push(write) });
    const flush = () => {
      for (const write of waiting.splice(0)) write();
    };
    return { store, flush };
  };

  test('stops the making of blocks, which goes on when it writes again', () => {
    const { store, flush } = slow();
    const node = new TestNode({ spec, store });
    flush();
    let isDone = false;
    node.runner.request({ kind: 'mine', blocks: 500 }, () => {
      isDone = true;
    });
    for (let i = 0; i < 2000; i++) node.advance(1);
    assert.ok(store.pendingCommits <= COMMITS_WAITING_MAX + 1, `${store.pendingCommits} batches wait`);
    for (let i = 0; i < 2000 && !isDone; i++) {
      flush();
      node.advance(1);
    }
    assert.ok(isDone);
    assert.equal(node.node.chain.head.height, 500);
  });

  test('stops the import of blocks, which goes on when it writes again', () => {
    const source = new TestNode({ spec });
    source.ask({ kind: 'mine', blocks: 400 }, 10_000);
    const { store, flush } = slow();
    const node = new TestNode({ spec, store, production: { kind: 'off' } });
    flush();
    node.nowMs = source.nowMs;
    const send = (blocks: number) => {
      const from = node.node.chain.head.height + 1;
      for (let height = from; height < Math.min(401, from + blocks); height++) {
        node.runner.request({ kind: 'import', block: expectBlock(source, height).bytes }, () => {});
        node.advance(1);
      }
    };
    send(400);
    assert.ok(store.pendingCommits <= COMMITS_WAITING_MAX + 1, `${store.pendingCommits} batches wait`);
    const reached = node.node.chain.head.height;
    assert.ok(reached > 100 && reached < 300, `${reached} blocks were imported`);
    for (let i = 0; i < 200; i++) {
      flush();
      node.advance(1);
    }
    assert.ok(node.node.chain.head.height >= reached + 60, 'those that waited were imported then');
    for (let i = 0; i < 20; i++) {
      send(50);
      flush();
    }
    assert.equal(toHex(node.node.chain.head.id), toHex(source.node.chain.head.id));
  });

  test('gets the last checkpoint piece by piece, each after the one before', () => {
    const allocations = Array.from({ length: 12_000 }, (_, i) => ({
      address: AUTHORITY.address.with(0, i & 0xff).with(1, i >>> 8),
      amount: amount(1),
    }));
    const { store, flush } = slow();
    const large = { ...spec, ...devSpec({ authority: AUTHORITY.publicKey, genesisTimeMs: 1, allocations }) };
    const node = new TestNode({ spec: large, store, limits: { checkpointChunksPerBatch: 1 } });
    flush();
    node.runner.request({ kind: 'mine', blocks: 1 }, () => {});
    flush();
    node.runner.dispatch({ type: 'stop' });
    let batches = 0;
    for (; node.death === undefined; batches++) {
      assert.equal(store.pendingCommits, 1, 'one batch at a time');
      flush();
    }
    assert.equal(node.death, null);
    assert.ok(batches >= 5, `${batches} batches`);
    const again = new TestNode({ spec: large, store: store.crash(), production: { kind: 'off' } });
    assert.equal(again.node.chain.head.height, 1);
    assert.equal(again.checkpointHeight, 1, 'nothing is replayed');
  });
});

describe('a node that has thrown', () => {
  test('takes nothing any more, and says so', () => {
    const sign = () => {
      throw new Error('a bug');
    };
    const node = new TestNode({ spec, sign });
    assert.equal(node.runner.isBroken, false);
    assert.throws(() => node.runner.request({ kind: 'mine', blocks: 1 }, () => {}), /a bug/);
    assert.equal(node.runner.isBroken, true);
    let answers = 0;
    node.runner.whenDurable(() => answers++);
    node.advance(1000);
    assert.equal(answers, 0, 'what it has in memory is told to nobody');
  });
});

describe('only development networks', () => {
  test('take development requests', () => {
    const node = new TestNode({ spec: { ...spec, dev: false } });
    for (const request of [
      { kind: 'snapshot' },
      { kind: 'mine', blocks: 1 },
      { kind: 'reorg', depth: 1 },
    ] as const) {
      const answer = node.ask(request);
      assert.ok(!answer.ok && answer.error.rule === 'node/dev-only');
    }
  });

  test('reorganise only what is not final', () => {
    const node = new TestNode({ spec });
    const answer = node.ask({ kind: 'reorg', depth: 1 });
    assert.ok(!answer.ok && answer.error.rule === 'node/reorg-depth');
  });
});

describe('the life of a node', () => {
  test('goes from genesis over boot and ready to dead, and never back from there', () => {
    const path: LifeEvent[] = [
      'genesis-loaded',
      'caught-up',
      'fell-behind',
      'caught-up',
      'stop-asked',
      'all-done',
    ];
    const states: LifeState[] = ['genesis'];
    for (const event of path) states.push(nextLife(states.at(-1) ?? 'dead', event));
    assert.deepEqual(states, ['genesis', 'boot', 'ready', 'boot', 'ready', 'dying', 'dead']);
    for (const event of path) assert.equal(nextLife('dead', event), 'dead');
    assert.equal(nextLife('boot', 'alone-too-long'), 'dying');
    assert.deepEqual((['genesis', 'boot', 'ready', 'dying', 'dead'] as const).map(isAlive), [
      false,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('the outbox', () => {
  test('lets an answer go when the batches before it are on disk, and not earlier', () => {
    const outbox = new Outbox();
    const batch = { puts: [], deletes: [] };
    outbox.answer(1, { ok: true, value: 'early' });
    outbox.commit(batch);
    outbox.answer(2, { ok: true, value: 'after one' });
    outbox.commit(batch);
    outbox.answer(3, { ok: true, value: 'after two' });
    const ids = () => outbox.take().flatMap((effect) => (effect.type === 'answer' ? [effect.id] : []));
    assert.deepEqual(ids(), [1]);
    outbox.committed(1);
    assert.deepEqual(ids(), [2]);
    outbox.committed(2);
    assert.deepEqual(ids(), [3]);
    assert.throws(() => outbox.committed(2), /came after/);
  });
});
