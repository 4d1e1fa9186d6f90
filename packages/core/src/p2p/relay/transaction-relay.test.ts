import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesKey } from '../../base/bytes-key.ts';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { createTransaction, type Transaction } from '../../primitives/transaction.ts';
import { FEATURES } from '../features.ts';
import {
  ANNOUNCE_AGAIN_MS,
  ANNOUNCE_DELAY_MS,
  ORPHAN_AGE_MS_MAX,
  ORPHANS_MAX,
  TRANSACTION_TIMEOUT_MS,
  WANTED_PER_PEER_MAX,
} from './limits.ts';
import { BAD_SIGNATURE_AMOUNT, CHAIN_ID, RelayNet, testBlock, testTransaction } from './relay.testing.ts';

const dice = () => seededRandom(7);
const SETTLE_MS = 2_000;

const NOTHING = { puts: [], deletes: [] };

/** A net of members `a`, `b`, … in a row. */
function row(count: number): RelayNet {
  const net = new RelayNet();
  for (let i = 1; i < count; i++) net.join(name(i - 1), name(i));
  return net;
}

function name(i: number): string {
  return String.fromCharCode(97 + i);
}

function count(net: RelayNet, kind: string, from?: string): number {
  return net.log.filter((one) => one.message.kind === kind && (from === undefined || one.from === from))
    .length;
}

function badlySigned(net: RelayNet): Transaction {
  const good = testTransaction(dice());
  const outputs = good.outputs.map((output) => ({
    ...output,
    amount: BAD_SIGNATURE_AMOUNT as typeof output.amount,
  }));
  return net.remember(createTransaction({ ...good, outputs }, good.witnesses, CHAIN_ID));
}

describe('transaction relay', () => {
  it('brings a transaction to everybody, in one bundle a link, and back to nobody', () => {
    const net = row(5);
    const transactions = net.transactions(dice(), 300);
    net.member('a').add(...transactions);
    net.run(5_000);
    for (const member of net.members.values())
      assert.ok(
        transactions.every((one) => member.has(one)),
        member.id,
      );
    assert.equal(count(net, 'tx-announce'), 4);
    assert.equal(count(net, 'tx-request'), 4);
    assert.equal(count(net, 'transactions'), 4);
    assert.ok([...net.members.values()].every(({ punished }) => punished.length === 0));
  });

  it('asks one of many who announce, and never for what is here', () => {
    const net = new RelayNet();
    for (const peer of ['b', 'c', 'd', 'e']) net.join('a', peer);
    const transactions = net.transactions(dice(), 50);
    for (const peer of ['b', 'c', 'd', 'e']) net.member(peer).add(...transactions);
    net.run(SETTLE_MS);
    assert.ok(transactions.every((one) => net.member('a').has(one)));
    assert.equal(net.member('a').submitted, 50);
    assert.equal(count(net, 'tx-announce', 'a'), 0);
  });

  it('announces within the delays of the kinds of peers, all inbound ones at one time', () => {
    const net = new RelayNet();
    for (const peer of ['x', 'y', 'z']) net.join(peer, 'a');
    net.join('a', 'o');
    const start = net.nowMs;
    const times = new Map<string, number>();
    net.fault = (_from, to, message) => {
      if (message.kind === 'tx-announce') times.set(to, net.nowMs - start);
      return undefined;
    };
    net.member('a').add(...net.transactions(dice(), 1));
    net.run(SETTLE_MS);
    const inbound = ['x', 'y', 'z'].map((peer) => times.get(peer) ?? 0);
    assert.equal(new Set(inbound).size, 1);
    assert.ok(
      (inbound[0] ?? 0) >= ANNOUNCE_DELAY_MS.inbound.min &&
        (inbound[0] ?? 0) <= ANNOUNCE_DELAY_MS.inbound.max,
    );
    const outbound = times.get('o') ?? 0;
    assert.ok(outbound >= ANNOUNCE_DELAY_MS.outbound.min && outbound <= ANNOUNCE_DELAY_MS.outbound.max);
  });

  it('asks another one when the first does not answer, and asks a failing peer for ever less', () => {
    const net = new RelayNet();
    net.join('a', 'b');
    net.join('c', 'a');
    const transactions = net.transactions(dice(), 40);
    net.fault = (from, _to, message) => (from === 'b' && message.kind === 'transactions' ? [] : undefined);
    net.member('b').add(...transactions);
    net.member('c').add(...transactions);
    net.run(TRANSACTION_TIMEOUT_MS + SETTLE_MS);
    assert.ok(transactions.every((one) => net.member('a').has(one)));
    const more = net.transactions(dice(), 2_000);
    net.member('b').add(...more);
    net.run(30_000);
    const asked = net.log.flatMap(({ to, message }) =>
      to === 'b' && message.kind === 'tx-request' ? [message.txids.length] : [],
    );
    assert.ok((asked[1] ?? 0) >= 500 && (asked.at(-1) ?? 0) <= (asked[1] ?? 0) / 2, asked.join());
  });

  it('looks elsewhere for what an answer leaves out or replaces', () => {
    const net = new RelayNet();
    net.join('a', 'b');
    net.join('c', 'a');
    const transactions = net.transactions(dice(), 20);
    const others = net.transactions(seededRandom(8), 10);
    net.fault = (from, _to, message) => {
      if (from !== 'b' || message.kind !== 'transactions') return undefined;
      const kept = message.transactions.slice(0, 10);
      const replaced = [...kept, ...others.map(({ bytes }) => bytes)];
      return [
        {
          message: { ...message, transactions: replaced.slice(0, message.transactions.length) },
          delayMs: 50,
        },
      ];
    };
    net.member('b').add(...transactions);
    net.run(SETTLE_MS);
    net.member('c').add(...transactions);
    net.run(SETTLE_MS);
    assert.ok(transactions.every((one) => net.member('a').has(one)));
    assert.equal(net.member('a').relay.counts['wanted'], 0);
  });

  it('asks again for what an answer had no room for, and not who fills it with other things', () => {
    const net = new RelayNet();
    net.join('a', 'b');
    const random = dice();
    const large = () => {
      const one = testTransaction(random);
      const outputs = Array.from({ length: 255 }, () => one.outputs[0] as (typeof one.outputs)[number]);
      return net.remember(createTransaction({ ...one, outputs }, one.witnesses, CHAIN_ID));
    };
    const transactions = Array.from({ length: 200 }, large);
    net.member('b').add(...transactions);
    net.run(SETTLE_MS);
    assert.ok(transactions.every((one) => net.member('a').has(one)));
    assert.equal(count(net, 'tx-request', 'a'), 3);
    net.fault = (from, _to, message) => {
      if (from !== 'b' || message.kind !== 'transactions') return undefined;
      const others = transactions.slice(0, message.transactions.length).map(({ bytes }) => bytes);
      return [{ message: { ...message, transactions: others }, delayMs: 50 }];
    };
    net.member('b').add(...Array.from({ length: 100 }, large));
    net.run(SETTLE_MS);
    assert.equal(count(net, 'tx-request', 'a'), 4);
    assert.equal(net.member('a').relay.counts['wanted'], 0);
  });

  it('holds bad signatures against who sent them, and still takes the transaction from others', () => {
    const net = new RelayNet();
    net.join('a', 'b');
    const bad = badlySigned(net);
    net.member('b').add(bad);
    net.run(SETTLE_MS);
    assert.deepEqual(net.member('a').rulesOf('b'), ['tx/signature-invalid']);
    assert.equal(net.member('a').relay.counts['wanted'], 0);
    net.join('a', 'c');
    net.member('c').add(bad);
    net.run(SETTLE_MS);
    assert.equal(net.member('a').submitted, 2);
  });

  it('does not fetch again what its pool has refused, until the head moves', () => {
    const net = new RelayNet();
    net.join('a', 'b');
    net.join('a', 'c');
    net.member('a').isPoolBusy = true;
    const [transaction] = net.transactions(dice(), 1) as [Transaction];
    net.member('b').add(transaction);
    net.run(SETTLE_MS);
    net.member('c').add(transaction);
    net.run(SETTLE_MS);
    assert.equal(net.member('a').submitted, 1);
    assert.deepEqual(net.member('a').punished, []);
    net.member('a').make(testBlock(net.genesis, []));
    net.member('a').isPoolBusy = false;
    net.join('a', 'd');
    net.member('d').add(transaction);
    net.run(SETTLE_MS);
    assert.ok(net.member('a').has(transaction));
  });

  it('asks for the parents of an orphan and hands the package over together', () => {
    const net = new RelayNet();
    const random = dice();
    const parent = net.remember(testTransaction(random));
    const child = net.remember(testTransaction(random, [parent.txid]));
    net.join('a', 'b');
    net.member('a').isPoolBusy = true;
    net.member('b').add(parent);
    net.run(SETTLE_MS);
    assert.equal(net.member('a').has(parent), false);
    net.member('b').add(child);
    net.run(SETTLE_MS);
    // The child pays for its parent; alone it would be refused, since the test pool takes only what has a child.
    assert.ok(net.member('a').has(parent));
    assert.deepEqual(net.member('a').punished, []);
  });

  it('tries an orphan again when its parent comes from somebody else', () => {
    const net = new RelayNet();
    const random = dice();
    const parent = net.remember(testTransaction(random));
    const child = net.remember(testTransaction(random, [parent.txid]));
    net.join('a', 'b');
    net.member('b').add(child);
    net.run(SETTLE_MS);
    assert.equal(net.member('a').relay.counts['orphans'], 1);
    net.member('a').add(parent);
    net.run(SETTLE_MS);
    assert.ok(net.member('a').has(child));
    assert.equal(net.member('a').relay.counts['orphans'], 0);
  });

  it('gives a peer what it was told of and nothing else', () => {
    const net = row(2);
    const [transaction] = net.transactions(dice(), 1) as [Transaction];
    net.member('a').add(transaction);
    const ask = () => {
      net.member('a').receive('b', { kind: 'tx-request', request: 9, txids: [transaction.txid] });
      const last = net.log.at(-1)?.message;
      return last?.kind === 'transactions' ? last.transactions.length : undefined;
    };
    assert.equal(ask(), 0);
    net.run(1_000);
    assert.equal(ask(), 1);
  });

  it('tells a new peer what came of late, and one without the feature nothing', () => {
    const net = new RelayNet();
    const transactions = net.transactions(dice(), 2_500);
    net.member('a').add(...transactions);
    net.join('b', 'a');
    net.join('c', 'a', FEATURES.compactBlocks);
    net.run(10_000);
    assert.ok(transactions.every((one) => net.member('b').has(one)));
    assert.equal(net.log.filter(({ to, message }) => to === 'c' && message.kind === 'tx-announce').length, 0);
  });

  it('announces nothing that was mined meanwhile, and fetches nothing while it catches up', () => {
    const net = row(2);
    const [mined, open] = net.transactions(dice(), 2) as [Transaction, Transaction];
    net.member('a').add(mined, open);
    net.member('a').make(testBlock(net.genesis, [mined]));
    net.member('b').isCaughtUp = false;
    net.run(SETTLE_MS);
    const announced = net.log.flatMap(({ message }) => (message.kind === 'tx-announce' ? message.txids : []));
    assert.deepEqual(announced, [open.txid]);
    assert.equal(count(net, 'tx-request'), 0);
    // What was announced meanwhile is fetched then.
    net.member('b').isCaughtUp = true;
    net.run(SETTLE_MS);
    assert.ok(net.member('b').has(open));
  });

  it('tells again of what stays in the pool, for an announcement may be lost', () => {
    const net = row(2);
    const [transaction] = net.transactions(dice(), 1) as [Transaction];
    net.fault = (_from, _to, { kind }) => (kind === 'tx-announce' ? [] : undefined);
    net.member('a').add(transaction);
    net.run(SETTLE_MS);
    net.fault = undefined;
    net.run(ANNOUNCE_AGAIN_MS.max + SETTLE_MS);
    assert.ok(net.member('b').has(transaction));
    net.run(20 * ANNOUNCE_AGAIN_MS.max);
    // It is told by both while it waits, and no more once it is mined.
    const block = testBlock(net.genesis, [transaction]);
    for (const one of ['a', 'b']) net.member(one).make(block);
    net.run(ANNOUNCE_AGAIN_MS.max);
    const before = net.log.length;
    assert.ok(before < 100, `${before} messages`);
    net.run(20 * ANNOUNCE_AGAIN_MS.max);
    assert.equal(net.log.length, before);
  });

  it('tells again of what comes back from a block that is no longer in the chain', () => {
    const net = row(2);
    const [mined, waiting] = net.transactions(dice(), 2) as [Transaction, Transaction];
    net.fault = () => [];
    const [a, b] = [net.member('a'), net.member('b')];
    a.add(mined, waiting);
    const block = testBlock(net.genesis, [mined]);
    a.make(block);
    // It has looked at what waits, and found only the younger one.
    net.run(3 * ANNOUNCE_AGAIN_MS.max);
    net.fault = undefined;
    a.pool.set(bytesKey(mined.txid), mined);
    const other = testBlock(net.genesis, []);
    const update = { kind: 'head', removed: [block], added: [other], batch: NOTHING, finalised: [] } as const;
    a.relay.headMoved(update, false, net.nowMs);
    net.run(ANNOUNCE_AGAIN_MS.max + SETTLE_MS);
    assert.ok(b.has(waiting));
    assert.ok(b.has(mined));
  });

  it('refuses answers to no request and answers that are too long', () => {
    const net = row(2);
    const [one, two] = net.transactions(dice(), 2) as [Transaction, Transaction];
    const a = net.member('a');
    a.receive('b', { kind: 'transactions', request: 77, transactions: [one.bytes] });
    assert.deepEqual(a.rulesOf('b'), ['p2p/answer-unexpected']);
    a.receive('b', { kind: 'tx-announce', txids: [one.txid] });
    const asked = net.log.at(-1)?.message;
    assert.ok(asked?.kind === 'tx-request');
    a.receive('b', { kind: 'transactions', request: asked.request, transactions: [one.bytes, two.bytes] });
    assert.deepEqual(a.rulesOf('b'), ['p2p/answer-unexpected', 'p2p/answer-too-long']);
    assert.equal(a.submitted, 0);
    // A second answer is only late.
    a.receive('b', { kind: 'transactions', request: asked.request, transactions: [one.bytes] });
    assert.equal(a.punished.length, 2);
  });

  it('goes on with others when a peer leaves in the middle', () => {
    const net = new RelayNet();
    net.join('a', 'b');
    net.join('c', 'a');
    const transactions = net.transactions(dice(), 30);
    net.fault = (from, _to, message) => (from === 'b' && message.kind === 'transactions' ? [] : undefined);
    net.member('b').add(...transactions);
    net.member('c').add(...transactions);
    net.run(700);
    net.part('a', 'b');
    net.run(1_000);
    assert.ok(transactions.every((one) => net.member('a').has(one)));
    // The slot of the peer that left is another one's now, and says nothing of what that one has.
    net.join('a', 'e');
    net.run(SETTLE_MS);
    assert.ok(transactions.every((one) => net.member('e').has(one)));
  });
});

describe('what strangers can fill', () => {
  it('is bounded for announcements of transactions that do not exist', () => {
    const net = new RelayNet();
    const random = dice();
    const strangers = Array.from({ length: 5 }, (_, i) => `s${i}`);
    for (const stranger of strangers) net.join(stranger, 'a');
    for (let round = 0; round < 20; round++) {
      for (const stranger of strangers) {
        const txids = Array.from({ length: 1_000 }, () => random.bytes(32));
        net.member('a').receive(stranger, { kind: 'tx-announce', txids });
      }
      net.fault = () => [];
      net.run(100);
    }
    const { wanted = 0, queued = 0, known } = net.member('a').relay.counts;
    assert.ok(wanted <= 5 * WANTED_PER_PEER_MAX.inbound, `${wanted} wanted`);
    assert.ok(queued <= 10 * WANTED_PER_PEER_MAX.inbound, `${queued} in queues`);
    assert.equal(known, 0);
    net.run(600_000);
    assert.equal(net.member('a').relay.counts['wanted'], 0);
  });

  it('is bounded for transactions that move between the queues of peers who come, fail and go', () => {
    const net = new RelayNet();
    const random = dice();
    const some = Array.from({ length: 900 }, () => random.bytes(32));
    net.fault = () => [];
    for (let round = 0; round < 40; round++) {
      const name = `s${round % 6}`;
      if (net.member('a').peers.has(name)) net.part('a', name);
      net.join(name, 'a');
      for (const { id } of net.member('a').peers.values()) {
        net.member('a').receive(id, { kind: 'tx-announce', txids: some });
      }
      net.run(3_000);
      const { wanted = 0, queued = 0 } = net.member('a').relay.counts;
      assert.ok(
        wanted <= 900 && queued <= 6 * 2 * WANTED_PER_PEER_MAX.inbound,
        `${wanted}, ${queued} in queues`,
      );
    }
    // Each of them has failed before, so that it is asked for little at a time.
    net.run(4_000_000);
    const { wanted, queued } = net.member('a').relay.counts;
    assert.deepEqual([wanted, queued], [0, 0]);
  });

  it('is bounded for orphans without parents, which leave after a while', () => {
    const net = new RelayNet();
    const random = dice();
    for (let i = 0; i < 12; i++) {
      net.join(`s${i}`, 'a');
      const missing = net.remember(testTransaction(random));
      const orphans = Array.from({ length: 40 }, () => net.remember(testTransaction(random, [missing.txid])));
      net.member(`s${i}`).add(...orphans);
    }
    net.run(SETTLE_MS);
    const { orphans = 0 } = net.member('a').relay.counts;
    assert.ok(orphans > 0 && orphans <= ORPHANS_MAX, `${orphans} orphans`);
    // Or they would be told again, fetched again, and wait again.
    for (const member of net.members.values()) member.pool.clear();
    net.run(ORPHAN_AGE_MS_MAX);
    const last = net.transactions(random, 1);
    net.member('s0').add(...last);
    net.run(10_000);
    assert.equal(net.member('a').relay.counts['orphans'], 0);
  });

  it('is bounded for submissions of a node that is slow', () => {
    const net = row(2);
    net.member('b').isSlow = true;
    const random = dice();
    for (let i = 0; i < 200; i++) {
      net.member('a').add(...net.transactions(random, 3));
      net.run(400);
    }
    const { submissions = 0 } = net.member('b').relay.counts;
    assert.ok(submissions <= 64, `${submissions} submissions`);
  });
});
