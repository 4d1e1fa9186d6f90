import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import { ALICE, BOB, rpcSpec, TestFace, textOf } from './node-view.testing.ts';
import { notificationText, parseSubscription, presentNotification, type Topic } from './subscriptions.ts';

const PREFIX = rpcSpec.addressPrefix;
const address = (key: { readonly address: Uint8Array }): Topic => ({ kind: 'address', address: key.address });

function news(face: TestFace, topic: Topic) {
  return face.node.notifications.flatMap(
    (notification) => presentNotification(topic, notification, face.node.queries) ?? [],
  );
}

describe('topics', () => {
  test('are read from the parameters of subscribe', () => {
    const heads = parseSubscription({ topic: 'heads' }, PREFIX);
    assert.ok(heads.ok && heads.value.topic.kind === 'heads');
    const bob = parseSubscription({ topic: 'address', address: textOf(BOB) }, PREFIX);
    assert.ok(bob.ok);
    assert.deepEqual(bob.value, { topic: address(BOB), after: undefined });
  });

  test('an address belongs to the topic address and to no other', () => {
    const cases: readonly (readonly [unknown, string])[] = [
      [{ topic: 'address' }, 'rpc/topic'],
      [{ topic: 'heads', address: textOf(BOB) }, 'rpc/topic'],
      [{ topic: 'address', address: 'cal1x' }, 'codec/address'],
      [{ topic: 'blocks' }, 'json/choice'],
      [{}, 'json/missing'],
      [['heads'], 'json/type'],
    ];
    for (const [params, rule] of cases) {
      const parsed = parseSubscription(params, PREFIX);
      assert.equal(parsed.ok ? 'accepted' : parsed.error.rule, rule, JSON.stringify(params));
    }
  });
});

describe('news', () => {
  const face = new TestFace();
  const payment = face.payment(0);
  const txid = face.submit(payment);
  const head = face.call('chain_getHeader').result as { id: string; height: number; timeMs: number };
  const { id, height, timeMs } = head;

  test('heads tells each new head with the ids of its transactions', () => {
    assert.deepEqual(news(face, { kind: 'heads' }), [
      { kind: 'head', id, height, timeMs, reverted: 0, txids: [txid] },
    ]);
  });

  test('transactions tells what comes into the pool', () => {
    const told = news(face, { kind: 'transactions' });
    assert.deepEqual(
      told.map((one) => one.kind === 'transaction' && one.transaction.txid),
      [txid],
    );
  });

  test('address tells both, to who is paid and to who pays, and nothing to others', () => {
    for (const who of [ALICE, BOB]) {
      const told = news(face, address(who));
      assert.deepEqual(
        told.map(({ kind }) => kind),
        ['transaction', 'head'],
      );
      assert.deepEqual(told[1], { kind: 'head', id, height, timeMs, reverted: 0, txids: [txid] });
    }
    assert.deepEqual(news(face, address(testKey(3))), []);
  });

  test('an address is told of a head with its own transactions only', () => {
    const other = new TestFace({ production: { kind: 'off' } });
    const [first, second] = [
      other.payment(0),
      other.payment(1, {
        outputs: [{ asset: 0, amount: amount(5), address: testKey(3).address }],
      }),
    ];
    const notification = {
      kind: 'head',
      head: other.node.node.chain.head,
      reverted: 0,
      transactions: () => [first, second],
    } as const;
    const told = presentNotification(address(testKey(3)), notification, other.node.queries);
    assert.deepEqual(told?.kind === 'head' && told.txids, [toHex(second.txid)]);
  });

  test('after a reorganisation every address is told, because it may have lost something', () => {
    const reorganised = new TestFace();
    reorganised.submit(reorganised.payment(0));
    reorganised.call('dev_reorg', { depth: 1 });
    const told = news(reorganised, address(testKey(3)));
    assert.deepEqual(
      told.map((one) => one.kind === 'head' && one.reverted),
      [1],
    );
  });

  test('travel as JSON-RPC notifications that name their subscription', () => {
    const [first] = news(face, { kind: 'heads' });
    assert.ok(first !== undefined);
    assert.deepEqual(JSON.parse(notificationText('7', first)), {
      jsonrpc: '2.0',
      method: 'subscription',
      params: { subscription: '7', result: first },
    });
  });
});
