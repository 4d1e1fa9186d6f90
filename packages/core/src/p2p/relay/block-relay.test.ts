import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { FEATURES } from '../features.ts';
import { messageBytes } from '../messages/message.ts';
import { refuseP2p } from '../rules.ts';
import { BlockScene } from './block-scene.testing.ts';
import { BLOCK_ANSWER_TIMEOUT_MS, MISSING_SLOW_MS, PUSH_ALL_BYTES_MAX, RECENT_BLOCKS_MAX } from './limits.ts';
import { BAD_SEAL, BAD_STATE, RelayNet, testBlock, testTransaction } from './relay.testing.ts';

const SETTLE_MS = 1_000;

const PAIR = [['a', 'b']] as const;
const ROW = [
  ['a', 'b'],
  ['b', 'c'],
  ['c', 'd'],
] as const;

describe('block relay', () => {
  it('brings a block to everybody over one compact message a link, without one more round trip', () => {
    const { net, block } = new BlockScene(ROW);
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
    const { net, block } = new BlockScene(ROW, { count: 5_000 });
    net.run(2_000);
    net.member('a').make(block);
    net.run(10_000);
    assert.ok(net.member('d').knows(block));
    const full = 3 * messageBytes({ kind: 'body', request: 1, id: block.id, bytes: block.bytes });
    const sent = [...net.bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
    assert.ok(sent <= 0.05 * full, `${sent} bytes of ${full}, ${((100 * sent) / full).toFixed(2)} %`);
  });

  it('passes a block on before it is executed, and blames nobody when it is invalid', () => {
    const scene = new BlockScene(ROW);
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

  it('keeps a block no longer that the owner handed in and that turned out to be invalid', () => {
    const { net, block } = new BlockScene(PAIR);
    const bad = testBlock(net.genesis, block.transactions, { stateRoot: BAD_STATE });
    const { relay, id } = net.member('a');
    relay.handedIn(bad, net.nowMs);
    net.run(SETTLE_MS);
    assert.equal(net.member('b').imported.length, 1);
    const ask = { kind: 'block-txs-request', request: 1, blockId: bad.id, indexes: [0] } as const;
    const answered = () => {
      net.member('a').receive('b', ask);
      const answer = net.log.at(-1)?.message;
      assert.ok(answer?.kind === 'block-txs');
      return answer.transactions.length;
    };
    assert.equal(answered(), 1);
    relay.blockDone(bad.id, undefined, refuseP2p('p2p/compact-block-lie'));
    assert.equal(answered(), 0);
    assert.deepEqual(net.member('b').rulesOf(id), []);
  });

  it('asks for the few transactions that are missing, and sends them on with the block', () => {
    const scene = new BlockScene(ROW);
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
    const scene = new BlockScene(PAIR);
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
    const scene = new BlockScene(PAIR);
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
    const scene = new BlockScene(PAIR, { inBlock: 50 });
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
    const scene = new BlockScene(PAIR);
    const { net } = scene;
    const orphan = testBlock({ id: new Uint8Array(32).fill(9), header: { height: 7 } }, [scene.reward()]);
    net.member('b').receive('a', scene.compact(orphan));
    net.member('b').receive('a', { kind: 'header-announce', header: orphan.header });
    assert.equal(net.member('b').behind.length, 2);
    assert.equal(net.member('b').relay.counts['blocks'], 0);
  });

  it('hands a block to the synchronisation while it is not known who may seal it, and blames nobody', () => {
    const scene = new BlockScene(PAIR, { inBlock: 50 });
    const next = testBlock(scene.block, [scene.reward(), ...scene.pooled.slice(50)]);
    const b = scene.net.member('b');
    b.knownUpTo = scene.block.header.height;
    b.isSlow = true;
    b.receive('a', scene.compact());
    b.receive('a', scene.compact(next));
    assert.deepEqual(
      b.behind.map(({ header }) => header),
      [next.header],
    );
    assert.deepEqual(b.punished, []);
  });

  it('passes on a head that came another way, unless it is catching up', () => {
    const { net, block } = new BlockScene(PAIR);
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
    const scene = new BlockScene(
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
    const scene = new BlockScene(
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
    net.run(MISSING_SLOW_MS + SETTLE_MS);
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

describe('requests for transactions of blocks', () => {
  it('are answered by none for places outside, unknown blocks and peers that have had enough', () => {
    const scene = new BlockScene(PAIR);
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
    const scene = new BlockScene([
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
    net.run(MISSING_SLOW_MS + SETTLE_MS);
    assert.ok(b.knows(full));
  });

  it('are answered late and still taken, while others are asked too', () => {
    const scene = new BlockScene([
      ['b', 'a'],
      ['b', 'c'],
    ]);
    const { net, random, block } = scene;
    const full = testBlock(net.genesis, [...block.transactions, ...net.transactions(random, 1)]);
    net.fault = (from, _to, message) => {
      if (message.kind === 'compact-block' || (from === 'c' && message.kind === 'block-txs')) return [];
      return message.kind === 'block-txs' ? [{ message, delayMs: 3 * MISSING_SLOW_MS }] : undefined;
    };
    for (const one of ['a', 'c']) net.member(one).make(full);
    const b = net.member('b');
    for (const one of ['a', 'c']) b.receive(one, scene.compact(full));
    net.run(4 * MISSING_SLOW_MS);
    assert.ok(b.knows(full));
    assert.equal(scene.count('block-txs-request', 'b'), 2);
    assert.deepEqual(b.punished, []);
  });

  it('end when nobody answers: the block is forgotten and the synchronisation told', () => {
    const scene = new BlockScene(PAIR);
    const { net, random, block } = scene;
    const full = testBlock(net.genesis, [...block.transactions, ...net.transactions(random, 1)]);
    net.fault = () => [];
    const b = net.member('b');
    b.receive('a', scene.compact(full));
    assert.equal(b.relay.counts['pending'], 1);
    net.run(BLOCK_ANSWER_TIMEOUT_MS);
    assert.equal(b.relay.counts['pending'], 0);
    assert.equal(b.relay.counts['blocks'], 0);
    assert.equal(b.behind.length, 1);
    net.part('a', 'b');
    assert.equal(b.relay.counts['peers'], 0);
  });
});

it('what good headers can fill is bounded', () => {
  const scene = new BlockScene(PAIR);
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

describe('a block before its time', () => {
  const early = (scene: BlockScene, aheadMs: number) =>
    testBlock(scene.net.genesis, scene.block.transactions, { timeMs: scene.net.nowMs + aheadMs });

  it('is taken and passed on when its time has come, and nobody is blamed', () => {
    const scene = new BlockScene(ROW);
    const { net } = scene;
    const block = early(scene, 3_000);
    const startMs = net.nowMs;
    net.member('a').make(block);
    net.run(2_990);
    assert.ok(['b', 'c', 'd'].every((id) => !net.member(id).knows(block)));
    assert.equal(net.member('b').relay.counts['early'], 1);
    net.run(20 + 6 * 50);
    assert.ok(net.member('d').knows(block), `after ${net.nowMs - startMs} ms`);
    assert.equal(net.member('b').relay.counts['early'], 0);
    for (const { punished, behind } of net.members.values()) {
      assert.deepEqual(punished, []);
      assert.deepEqual(behind, []);
    }
  });

  it('takes a few places of the peer that shows it, and none of others, until the peer is gone', () => {
    const scene = new BlockScene([
      ['a', 'b'],
      ['c', 'b'],
    ]);
    const b = scene.net.member('b');
    const shown = Array.from({ length: 40 }, (_, i) => early(scene, 5_000 + i));
    for (const { header } of shown) b.receive('a', { kind: 'header-announce', header });
    for (const { header } of shown) b.receive('a', { kind: 'header-announce', header });
    assert.equal(b.relay.counts['early'], 4);
    const [other] = shown.slice(30);
    assert.ok(other !== undefined);
    b.receive('c', { kind: 'header-announce', header: other.header });
    assert.equal(b.relay.counts['early'], 5);
    scene.net.part('a', 'b');
    assert.equal(b.relay.counts['early'], 1);
    assert.deepEqual(b.punished, []);
  });

  it('is held against who showed it when it breaks a rule then', () => {
    const scene = new BlockScene(PAIR);
    const b = scene.net.member('b');
    const { header } = early(scene, 1_000);
    b.receive('a', { kind: 'header-announce', header: { ...header, seal: BAD_SEAL } });
    assert.deepEqual(b.punished, []);
    scene.net.run(1_100);
    assert.deepEqual(b.rulesOf('a'), ['consensus/seal-invalid']);
  });
});
