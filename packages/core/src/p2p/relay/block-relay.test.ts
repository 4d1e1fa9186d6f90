import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type SeededRandom, seededRandom } from '../../base/fuzz.testing.ts';
import type { Block } from '../../primitives/block.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import { FEATURES } from '../features.ts';
import type { CompactBlockMessage } from '../messages/blocks.ts';
import { type Message, messageBytes } from '../messages/message.ts';
import { BODY_TIMEOUT_MS, MISSING_TIMEOUT_MS, PUSH_ALL_BYTES_MAX, RECENT_BLOCKS_MAX } from './limits.ts';
import {
  BAD_SEAL,
  BAD_STATE,
  type LinkFault,
  RelayNet,
  resigned,
  testBlock,
  testTransaction,
} from './relay.testing.ts';
import { compactBlockOf, relayBlockOf } from './relay-block.ts';

const SETTLE_MS = 1_000;

/** A net whose members all have some transactions in the pool, and a block of them with a reward nobody has. */
class Scene {
  readonly net = new RelayNet();
  readonly random: SeededRandom = seededRandom(11);
  readonly pooled: readonly Transaction[];
  readonly block: Block;

  constructor(
    links: readonly (readonly [string, string])[],
    { count = 100, inBlock }: { count?: number; inBlock?: number } = {},
  ) {
    for (const [from, to] of links) this.net.join(from, to);
    this.pooled = this.net.transactions(this.random, count);
    for (const member of this.net.members.values()) member.add(...this.pooled);
    this.net.run(2_000);
    this.net.log.length = 0;
    this.net.bytes.clear();
    this.block = testBlock(this.net.genesis, [this.reward(), ...this.pooled.slice(0, inBlock ?? count)]);
  }

  reward(): Transaction {
    return testTransaction(this.random, []);
  }

  count(kind: Message['kind'], from?: string): number {
    const isIt = (one: RelayNet['log'][number]) =>
      one.message.kind === kind && (from ?? one.from) === one.from;
    return this.net.log.filter(isIt).length;
  }

  /** The compact form that an honest maker sends. */
  compact(block: Block = this.block): CompactBlockMessage {
    return compactBlockOf(relayBlockOf(block, this.net.hasher), [0]);
  }
}

const PAIR = [['a', 'b']] as const;
const ROW = [
  ['a', 'b'],
  ['b', 'c'],
  ['c', 'd'],
] as const;

describe('block relay', () => {
  it('brings a block to everybody over one compact message a link, without one more round trip', () => {
    const { net, block } = new Scene(ROW);
    const start = net.nowMs;
    net.member('a').make(block);
    net.run(160);
    assert.ok(net.member('d').knows(block), `after ${net.nowMs - start} ms`);
    net.run(SETTLE_MS);
    assert.deepEqual(
      net.log.map(({ from, to, message }) => `${from}${to} ${message.kind}`),
      ['ab compact-block', 'bc compact-block', 'cd compact-block'],
    );
  });

  it('takes 95 % fewer bytes than full blocks where pools overlap', () => {
    const { net, block } = new Scene(ROW, { count: 5_000 });
    net.run(2_000);
    net.member('a').make(block);
    net.run(10_000);
    assert.ok(net.member('d').knows(block));
    const full = 3 * messageBytes({ kind: 'body', request: 1, id: block.id, bytes: block.bytes });
    const sent = [...net.bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
    assert.ok(sent <= 0.05 * full, `${sent} bytes of ${full}, ${((100 * sent) / full).toFixed(2)} %`);
  });

  it('passes a block on before it is executed, and blames nobody when it is invalid', () => {
    const scene = new Scene(ROW);
    const { net } = scene;
    const bad = testBlock(net.genesis, scene.block.transactions, { stateRoot: BAD_STATE });
    net.member('b').isSlow = true;
    net.member('b').receive('a', scene.compact(bad));
    net.run(SETTLE_MS);
    assert.equal(net.member('d').imported.length, 1);
    net.member('b').isSlow = false;
    net.run(SETTLE_MS);
    assert.ok([...net.members.values()].every(({ punished }) => punished.length === 0));
    // It is invalid by now, and is neither taken nor given nor blamed on who brings it.
    net.member('c').receive('d', scene.compact(bad));
    net.member('c').receive('d', { kind: 'block-txs-request', request: 1, blockId: bad.id, indexes: [] });
    const answer = net.log.at(-1)?.message;
    assert.ok(answer?.kind === 'block-txs' && answer.transactions.length === 0);
    net.run(SETTLE_MS);
    assert.equal(net.member('c').imported.length, 1);
    assert.deepEqual(net.member('c').punished, []);
  });

  it('asks for the few transactions that are missing, and sends them on with the block', () => {
    const scene = new Scene(ROW);
    const { net, random } = scene;
    const rare = net.transactions(random, 3);
    net.member('a').add(...rare);
    const block = testBlock(net.genesis, [...scene.block.transactions, ...rare]);
    net.member('a').receive('b', { kind: 'tx-announce', txids: [] });
    net.fault = (_from, _to, message) => (message.kind.startsWith('tx') ? [] : undefined);
    net.run(SETTLE_MS + 500);
    net.member('a').make(block);
    net.run(SETTLE_MS);
    assert.ok(net.member('d').knows(block));
    assert.equal(scene.count('block-txs', 'a'), 1);
    const asked = net.log.find(({ message }) => message.kind === 'block-txs-request')?.message;
    assert.ok(asked?.kind === 'block-txs-request');
    assert.deepEqual(asked.indexes, [101, 102, 103]);
    // The next ones in the row get them at once.
    assert.equal(scene.count('block-txs', 'b'), 0);
  });

  it('sends along what came at the last moment', () => {
    const scene = new Scene(PAIR);
    const { net, random } = scene;
    const late = net.transactions(random, 2);
    net.member('a').add(...late);
    net.member('a').make(testBlock(net.genesis, [...scene.block.transactions, ...late]));
    net.run(SETTLE_MS);
    const sent = net.log.find(({ message }) => message.kind === 'compact-block')?.message;
    assert.ok(sent?.kind === 'compact-block');
    assert.deepEqual(
      sent.prefilled.map(({ index }) => index),
      [0, 101, 102],
    );
    assert.equal(scene.count('block-txs-request'), 0);
  });

  it('asks for the whole block where most of it is missing', () => {
    const net = new RelayNet();
    net.join('a', 'b', FEATURES.compactBlocks);
    const random = seededRandom(3);
    const transactions = net.transactions(random, 200);
    net.member('a').add(...transactions);
    net.run(2_000);
    const block = testBlock(net.genesis, [testTransaction(random, []), ...transactions]);
    net.member('a').make(block);
    net.run(SETTLE_MS);
    assert.ok(net.member('b').knows(block));
    const asked = net.log.find(({ message }) => message.kind === 'block-txs-request')?.message;
    assert.ok(asked?.kind === 'block-txs-request');
    assert.deepEqual(asked.indexes, []);
  });

  it('puts a rival block together from transactions that have just left the pool', () => {
    const scene = new Scene(PAIR);
    const { net } = scene;
    net.member('a').make(scene.block);
    net.run(SETTLE_MS);
    assert.equal(net.member('b').pool.size, 0);
    const rival = testBlock(net.genesis, [scene.reward(), ...scene.pooled]);
    net.member('b').receive('a', scene.compact(rival));
    net.run(SETTLE_MS);
    assert.ok(net.member('b').knows(rival));
    assert.equal(scene.count('block-txs-request'), 0);
  });

  it('takes a block after one that is still being executed', () => {
    const scene = new Scene(PAIR, { inBlock: 50 });
    const { net } = scene;
    const next = testBlock(scene.block, [scene.reward(), ...scene.pooled.slice(50)]);
    const b = net.member('b');
    b.isSlow = true;
    b.receive('a', scene.compact());
    b.receive('a', scene.compact(next));
    assert.deepEqual(b.behind, []);
    b.isSlow = false;
    net.run(SETTLE_MS);
    assert.ok(b.knows(next));
  });

  it('hands a block whose parent is unknown to the synchronisation', () => {
    const scene = new Scene(PAIR);
    const { net } = scene;
    const orphan = testBlock({ id: new Uint8Array(32).fill(9), header: { height: 7 } }, [scene.reward()]);
    net.member('b').receive('a', scene.compact(orphan));
    net.member('b').receive('a', { kind: 'header-announce', header: orphan.header });
    assert.equal(net.member('b').behind.length, 2);
    assert.equal(net.member('b').relay.counts['blocks'], 0);
  });

  it('passes on a head that came another way, unless it is catching up', () => {
    const { net, block } = new Scene(PAIR);
    net.member('b').isCaughtUp = false;
    net.member('b').make(block);
    net.run(SETTLE_MS);
    assert.equal(net.log.length, 0);
    net.member('b').isCaughtUp = true;
    const next = testBlock(block, []);
    net.member('b').make(next);
    net.run(SETTLE_MS);
    assert.equal(net.member('a').behind.length, 1);
  });
});

describe('large blocks', () => {
  it('are pushed to few, and fetched as compact ones by the others', () => {
    const others = ['b', 'c', 'd', 'e', 'f', 'g'];
    const scene = new Scene(
      others.map((one) => ['a', one] as const),
      { count: 1_000 },
    );
    const { net, block } = scene;
    assert.ok(messageBytes(scene.compact()) > PUSH_ALL_BYTES_MAX);
    for (const one of ['b', 'c']) net.member('a').receive(one, { kind: 'push-mode', isWanted: true });
    net.member('a').make(block);
    net.run(SETTLE_MS);
    assert.ok(others.every((one) => net.member(one).knows(block)));
    assert.equal(scene.count('header-announce', 'a'), 4);
    assert.equal(scene.count('compact-request'), 4);
    assert.equal(scene.count('compact-block', 'a'), 6);
    // Each has learned who is quick.
    assert.ok(scene.count('push-mode') >= 4);
  });

  it('are asked from another one that announced them when the first stays silent', () => {
    const scene = new Scene(
      [
        ['a', 'b'],
        ['a', 'c'],
      ],
      { count: 1_000 },
    );
    const { net, block } = scene;
    net.fault = (from, _to, message) => (from === 'b' && message.kind === 'compact-block' ? [] : undefined);
    const header = { kind: 'header-announce', header: block.header } as const;
    for (const one of ['b', 'c']) net.member(one).make(block);
    net.log.length = 0;
    net.member('a').receive('b', header);
    net.member('a').receive('c', header);
    net.run(MISSING_TIMEOUT_MS + SETTLE_MS);
    assert.ok(net.member('a').knows(block));
  });

  it('come as header announcements to who does not take compact ones', () => {
    const net = new RelayNet();
    net.join('a', 'b', FEATURES.transactions);
    const random = seededRandom(3);
    const block = testBlock(net.genesis, [testTransaction(random, [])]);
    net.member('a').make(block);
    net.run(SETTLE_MS);
    assert.equal(net.log[0]?.message.kind, 'header-announce');
    assert.ok(net.member('b').knows(block));
  });
});

describe('lying compact blocks', () => {
  const withShortIds = (message: CompactBlockMessage, change: (shortIds: Uint8Array) => void) => {
    const shortIds = message.shortIds.slice();
    change(shortIds);
    return { ...message, shortIds };
  };

  it('with short ids of other transactions are found out by the root, and the liar is banned', () => {
    const scene = new Scene(PAIR, { inBlock: 50 });
    const { net, block, pooled } = scene;
    const lie = scene.compact(testBlock(net.genesis, [scene.reward(), ...pooled.slice(50)]));
    net.member('a').make(block);
    net.log.length = 0;
    net.members.get('b')?.receive('a', { ...lie, header: block.header });
    net.run(SETTLE_MS);
    const b = net.member('b');
    assert.ok(b.knows(block));
    assert.deepEqual(b.rulesOf('a'), ['p2p/compact-block-lie']);
  });

  it('with short ids of nothing keep an honest description away from nobody', () => {
    const scene = new Scene([
      ['b', 'a'],
      ['b', 'c'],
    ]);
    const { net, block } = scene;
    const b = net.member('b');
    b.receive(
      'c',
      withShortIds(scene.compact(), (ids) => void ids.fill(1, 80, 88)),
    );
    assert.equal(b.relay.counts['pending'], 1);
    b.receive('a', scene.compact());
    net.run(0);
    assert.ok(b.knows(block), 'put together at once');
    assert.deepEqual(b.rulesOf('c'), ['p2p/compact-block-lie']);
    assert.deepEqual(b.rulesOf('a'), []);
  });

  it('answered by transactions that are not those of the short ids', () => {
    const scene = new Scene([
      ['b', 'a'],
      ['b', 'c'],
    ]);
    const { net, block } = scene;
    const b = net.member('b');
    const [odd] = net.transactions(scene.random, 1) as [Transaction];
    const answer = (transactions: readonly Uint8Array[]) => transactions.map(() => odd.bytes);
    net.fault = onlyAnswers('a', answer);
    for (const one of ['a', 'c']) net.member(one).make(block);
    b.receive('a', { ...scene.compact(), prefilled: [], shortIds: allShortIds(scene) });
    b.receive('c', { kind: 'header-announce', header: block.header });
    net.run(SETTLE_MS);
    assert.deepEqual(b.rulesOf('a'), ['p2p/block-txs-mismatch']);
    assert.ok(b.knows(block));
    assert.deepEqual(b.rulesOf('c'), []);
  });

  it('are not blamed on who completes them for the liar', () => {
    const scene = new Scene([
      ['b', 'a'],
      ['b', 'c'],
    ]);
    const { net, block } = scene;
    const b = net.member('b');
    net.fault = (from, _to, { kind }) => (from === 'a' || kind === 'compact-block' ? [] : undefined);
    net.member('c').make(block);
    b.receive(
      'a',
      withShortIds(scene.compact(), (ids) => void ids.fill(1, 80, 88)),
    );
    b.receive('c', { kind: 'header-announce', header: block.header });
    net.run(MISSING_TIMEOUT_MS + SETTLE_MS);
    assert.ok(b.knows(block));
    assert.deepEqual([b.rulesOf('a'), b.rulesOf('c')], [['p2p/compact-block-lie'], []]);
    // First for the place that was missing, then, since that was another transaction, for all.
    const asked = net.log.flatMap(({ to, message }) =>
      to === 'c' && message.kind === 'block-txs-request' ? [message.indexes] : [],
    );
    assert.deepEqual(asked, [[11], []]);
  });

  it('answered by too few transactions, or by a body of another block', () => {
    for (const change of [
      (all: readonly Uint8Array[]) => all.slice(1),
      (all: readonly Uint8Array[]) => all.toReversed(),
    ]) {
      const scene = new Scene(PAIR);
      const { net, block } = scene;
      const b = net.member('b');
      const [first, second] = scene.pooled as readonly [Transaction, Transaction];
      const wrong = scene.compact(testBlock(net.genesis, [second, first]));
      net.fault = onlyAnswers('a', change);
      net.member('a').make(block);
      b.receive('a', { ...wrong, header: block.header });
      net.run(SETTLE_MS);
      assert.deepEqual(b.rulesOf('a'), ['p2p/block-txs-mismatch']);
      assert.equal(b.relay.counts['pending'], 0);
      // The synchronisation is told who has it.
      assert.equal(b.behind.length, 1);
    }
  });

  it('whose lists contradict each other are refused by shape', () => {
    const scene = new Scene(PAIR);
    const compact = scene.compact();
    const [reward] = compact.prefilled as readonly [{ index: number; bytes: Uint8Array }];
    const at = (...indexes: readonly number[]) => indexes.map((index) => ({ ...reward, index }));
    const b = scene.net.member('b');
    const wrong: readonly Partial<CompactBlockMessage>[] = [
      { prefilled: at(102) },
      { prefilled: at(2 ** 31) },
      { prefilled: at(3, 2) },
      { prefilled: at(3, 3) },
      { prefilled: at(-1) },
      { shortIds: compact.shortIds.subarray(1) },
      { prefilled: [{ index: 0, bytes: new Uint8Array(2 ** 20 + 1) }] },
    ];
    for (const change of wrong) b.receive('a', { ...compact, ...change });
    assert.deepEqual(b.rulesOf('a'), new Array(wrong.length).fill('p2p/compact-block-shape'));
    assert.equal(b.relay.counts['blocks'], 0);
  });

  it('with a bad seal are refused by their header, replayed ones are passed over', () => {
    const scene = new Scene(PAIR);
    const { net, block } = scene;
    const bad = testBlock(net.genesis, block.transactions, { seal: BAD_SEAL });
    const b = net.member('b');
    b.receive('a', scene.compact(bad));
    assert.deepEqual(b.rulesOf('a'), ['consensus/seal-invalid']);
    for (let i = 0; i < 5; i++) b.receive('a', scene.compact());
    net.run(SETTLE_MS);
    for (let i = 0; i < 5; i++) b.receive('a', scene.compact());
    assert.equal(b.imported.length, 1);
    assert.equal(b.punished.length, 1);
  });

  it('with another signature beside the same body are not put together from the pool', () => {
    const scene = new Scene(PAIR);
    const { net, pooled } = scene;
    const [first] = pooled as readonly [Transaction];
    const other = resigned(first, 1);
    const block = testBlock(net.genesis, [scene.reward(), other]);
    net.member('a').make(block);
    net.run(SETTLE_MS);
    assert.ok(net.member('b').knows(block));
    const [sent] = net.log.flatMap(({ message }) => (message.kind === 'compact-block' ? [message] : []));
    // Its leaf is not the pool's, so the maker sends it along.
    assert.deepEqual(sent?.prefilled[1]?.bytes, other.bytes);
  });
});

describe('requests for transactions of blocks', () => {
  it('are answered by none for places outside, unknown blocks and peers that have had enough', () => {
    const scene = new Scene(PAIR);
    const { net, block } = scene;
    const a = net.member('a');
    a.make(block);
    const ask = (blockId: Uint8Array, indexes: readonly number[]) => {
      a.receive('b', { kind: 'block-txs-request', request: 1, blockId, indexes });
      const last = net.log.at(-1)?.message;
      return last?.kind === 'block-txs' ? last.transactions.length : undefined;
    };
    assert.equal(ask(block.id, [0, 100]), 2);
    assert.equal(ask(block.id, []), 101);
    assert.equal(ask(block.id, [101]), 0);
    assert.deepEqual(a.rulesOf('b'), ['p2p/block-txs-range']);
    assert.equal(ask(new Uint8Array(32), [0]), 0);
    for (let i = 0; i < 10_000 && ask(block.id, []) !== 0; i++);
    assert.equal(ask(block.id, []), 0);
    net.run(1_000);
    assert.equal(ask(block.id, []), 101);
  });

  it('go to another holder when the first does not answer', () => {
    const scene = new Scene([
      ['b', 'a'],
      ['b', 'c'],
    ]);
    const { net, random, block } = scene;
    const rare = net.transactions(random, 1);
    const full = testBlock(net.genesis, [...block.transactions, ...rare]);
    net.fault = (from, _to, message) => (from === 'a' && message.kind === 'block-txs' ? [] : undefined);
    const b = net.member('b');
    b.receive('a', scene.compact(full));
    b.receive('c', scene.compact(full));
    net.member('c').make(full);
    net.run(MISSING_TIMEOUT_MS + SETTLE_MS);
    assert.ok(b.knows(full));
  });

  it('end when nobody answers: the block is forgotten and the synchronisation told', () => {
    const scene = new Scene(PAIR);
    const { net, random, block } = scene;
    const full = testBlock(net.genesis, [...block.transactions, ...net.transactions(random, 1)]);
    net.fault = () => [];
    const b = net.member('b');
    b.receive('a', scene.compact(full));
    assert.equal(b.relay.counts['pending'], 1);
    net.run(BODY_TIMEOUT_MS);
    assert.equal(b.relay.counts['pending'], 0);
    assert.equal(b.relay.counts['blocks'], 0);
    assert.equal(b.behind.length, 1);
    net.part('a', 'b');
    assert.equal(b.relay.counts['peers'], 0);
  });
});

it('what good headers can fill is bounded', () => {
  const scene = new Scene(PAIR);
  const { net } = scene;
  net.fault = () => [];
  const b = net.member('b');
  for (let i = 0; i < 200; i++) {
    const block = testBlock(net.genesis, [scene.reward()], { gasUsed: i });
    b.receive('a', { ...scene.compact(block), prefilled: [], shortIds: new Uint8Array(8).fill(i) });
  }
  const { blocks = 0, pending = 0 } = b.relay.counts;
  assert.ok(blocks <= RECENT_BLOCKS_MAX && pending <= 8, `${blocks} blocks, ${pending} pending`);
});

/** No block is passed on by itself, and a liar changes what it answers. */
function onlyAnswers(liar: string, change: (all: readonly Uint8Array[]) => readonly Uint8Array[]): LinkFault {
  return (from, _to, message) => {
    if (message.kind === 'compact-block') return [];
    if (from !== liar || message.kind !== 'block-txs') return undefined;
    return [{ message: { ...message, transactions: change(message.transactions) }, delayMs: 50 }];
  };
}

/** The short ids of all transactions of a scene's block, the reward too. */
function allShortIds(scene: Scene): Uint8Array {
  const { leaves, parts } = relayBlockOf(scene.block, scene.net.hasher);
  const shortIds = new Uint8Array(8 * parts.length);
  for (let i = 0; i < parts.length; i++) shortIds.set(leaves.subarray(32 * i, 32 * i + 8), 8 * i);
  return shortIds;
}
