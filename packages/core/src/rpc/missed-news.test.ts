import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../base/bytes.ts';
import { RESUME_BLOCKS_MAX } from './limits.ts';
import { missedNews } from './missed-news.ts';
import { ALICE, BOB, rpcSpec, TestFace, textOf } from './node-view.testing.ts';
import {
  parseSubscription,
  presentNotification,
  type SubscriptionNews,
  type Topic,
} from './subscriptions.ts';

const HEADS: Topic = { kind: 'heads' };

const headOf = (face: TestFace): string => (face.call('chain_getHeader').result as { id: string }).id;

/** The missed news up to the head, or the rule that refuses them. */
function missed(face: TestFace, after: string, topic: Topic = HEADS, told = headOf(face)) {
  const news = missedNews(face.node.queries, topic, fromHex(after), fromHex(told));
  return news.ok ? news.value : news.error.rule;
}

/** What a subscriber to heads was told since it heard of `count` news. */
function toldSince(face: TestFace, count: number): SubscriptionNews[] {
  const { notifications, queries } = face.node;
  return notifications.slice(count).flatMap((one) => presentNotification(HEADS, one, queries) ?? []);
}

test('each block since is told as it was told to those who were there', () => {
  const face = new TestFace();
  const genesis = headOf(face);
  const txid = face.submit(face.payment(0));
  face.call('dev_mine', { blocks: 3 });
  const told = toldSince(face, 0);
  assert.deepEqual(missed(face, genesis), told);
  assert.deepEqual(
    told.flatMap((news) => (news.kind === 'head' ? news.txids : [])),
    [txid],
  );
  const [, , last] = told;
  assert.ok(last?.kind === 'head');
  assert.deepEqual(missed(face, last.id), told.slice(3));
  assert.deepEqual(missed(face, headOf(face)), []);
});

test('what was announced last is the end, however far the node has come', () => {
  const face = new TestFace();
  const genesis = headOf(face);
  const [first, second] = face.call('dev_mine', { blocks: 5 }).result as [string, string];
  const news = missed(face, genesis, HEADS, second);
  assert.ok(typeof news !== 'string');
  assert.deepEqual(
    news.map((one) => one.kind === 'head' && one.id),
    [first, second],
  );
});

test('the first piece of news counts the blocks that were taken back', () => {
  const face = new TestFace();
  const { snapshot, head: genesis } = face.call('dev_snapshot').result as { snapshot: string; head: string };
  const mined = face.call('dev_mine', { blocks: 3 }).result as string[];
  const replaced = face.call('dev_reorg', { depth: 2 }).result as string[];
  const news = missed(face, mined[2] as string);
  assert.ok(typeof news !== 'string');
  assert.deepEqual(
    news.map((one) => one.kind === 'head' && [one.id, one.reverted]),
    replaced.map((id, i) => [id, i === 0 ? 2 : 0]),
  );
  face.call('dev_revert', { snapshot });
  // Blocks that a revert took back are gone, or are reported as taken back: never in silence.
  const gone = missed(face, replaced[0] as string);
  if (gone !== 'rpc/resume') {
    assert.ok(typeof gone !== 'string');
    assert.deepEqual(
      gone.map((one) => one.kind === 'head' && [one.id, one.reverted]),
      [[genesis, 2]],
    );
  }
});

test('an address hears of blocks that concern it, and of all that take blocks back', () => {
  const face = new TestFace();
  const genesis = headOf(face);
  face.submit(face.payment(0));
  const mined = face.call('dev_mine', { blocks: 2 }).result as string[];
  const of = (key: typeof ALICE): Topic => {
    const wish = parseSubscription({ topic: 'address', address: textOf(key) }, rpcSpec.addressPrefix);
    assert.ok(wish.ok);
    return wish.value.topic;
  };
  assert.equal(missed(face, genesis, of(BOB)).length, 1);
  assert.equal(missed(face, mined[0] as string, of(ALICE)).length, 0);
  face.call('dev_reorg', { depth: 1 });
  assert.equal(missed(face, mined[1] as string, of(BOB)).length, 1);
  assert.deepEqual(missed(face, genesis, { kind: 'transactions' }), []);
});

test('what is unknown or too far away is refused', () => {
  const face = new TestFace();
  const genesis = headOf(face);
  assert.equal(missed(face, '77'.repeat(32)), 'rpc/resume');
  face.call('dev_mine', { blocks: RESUME_BLOCKS_MAX });
  assert.equal(missed(face, genesis).length, RESUME_BLOCKS_MAX);
  face.call('dev_mine', { blocks: 1 });
  assert.equal(missed(face, genesis), 'rpc/resume');
});
