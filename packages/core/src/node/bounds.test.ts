import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Result } from '../base/result.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import { devSpec } from '../spec/presets.ts';
import { isAlive, type LifeEvent, type LifeState, nextLife } from './life.ts';
import { Outbox } from './outbox.ts';
import { AUTHORITY, TestNode } from './test-node.testing.ts';

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
