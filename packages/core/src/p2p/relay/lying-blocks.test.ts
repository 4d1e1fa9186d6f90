import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Transaction } from '../../primitives/transaction.ts';
import type { CompactBlockMessage } from '../messages/blocks.ts';
import { BlockScene } from './block-scene.testing.ts';
import { MISSING_SLOW_MS } from './limits.ts';
import { BAD_SEAL, type LinkFault, resigned, testBlock } from './relay.testing.ts';
import { relayBlockOf } from './relay-block.ts';

const SETTLE_MS = 1_000;
const PAIR = [['a', 'b']] as const;

describe('lying compact blocks', () => {
  const withShortIds = (message: CompactBlockMessage, change: (shortIds: Uint8Array) => void) => {
    const shortIds = message.shortIds.slice();
    change(shortIds);
    return { ...message, shortIds };
  };

  it('with short ids of other transactions are found out by the root, and the liar is banned', () => {
    const scene = new BlockScene(PAIR, { inBlock: 50 });
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
    const scene = new BlockScene([
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
    const scene = new BlockScene([
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
    const scene = new BlockScene([
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
    net.run(MISSING_SLOW_MS + SETTLE_MS);
    assert.ok(b.knows(block));
    assert.deepEqual([b.rulesOf('a'), b.rulesOf('c')], [['p2p/compact-block-lie'], []]);
    // First for the place that was missing, then, since that was another transaction, for all.
    const asked = net.log.flatMap(({ to, message }) =>
      to === 'c' && message.kind === 'block-txs-request' ? [message.indexes] : [],
    );
    assert.deepEqual(asked, [[11], []]);
  });

  it('that are completed by several and still wrong end with the whole block', () => {
    const scene = new BlockScene([
      ['b', 'a'],
      ['b', 'c'],
      ['b', 'd'],
    ]);
    const { net, random, pooled } = scene;
    const b = net.member('b');
    const rare = net.transactions(random, 1);
    const block = testBlock(net.genesis, [...scene.block.transactions, ...rare]);
    const [first, second] = pooled as readonly [Transaction, Transaction];
    const swapped = [scene.reward(), second, first, ...pooled.slice(2), ...rare];
    let answers = 0;
    net.fault = (from, _to, message) => {
      if (message.kind === 'compact-block') return [];
      if (message.kind !== 'block-txs') return undefined;
      // Those who were asked for one place answer one after the other, when all have been asked; the whole takes long.
      answers += 1;
      return [{ message, delayMs: message.transactions.length > 1 ? 10_000 : from === 'd' ? 4_000 : 6_000 }];
    };
    for (const one of ['a', 'c', 'd']) net.member(one).make(block);
    const lie = { ...scene.compact(testBlock(net.genesis, swapped)), header: block.header };
    b.receive('d', { ...lie, prefilled: scene.compact(block).prefilled });
    for (const one of ['a', 'c']) b.receive(one, { kind: 'header-announce', header: block.header });
    net.run(20_000);
    assert.ok(answers >= 4, `${answers} answers`);
    assert.ok(b.knows(block));
    assert.deepEqual([b.rulesOf('a'), b.rulesOf('c'), b.rulesOf('d')], [[], [], ['p2p/compact-block-lie']]);
  });

  it('answered by too few transactions, or by a body of another block', () => {
    for (const change of [
      (all: readonly Uint8Array[]) => all.slice(1),
      (all: readonly Uint8Array[]) => all.toReversed(),
    ]) {
      const scene = new BlockScene(PAIR);
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
    const scene = new BlockScene(PAIR);
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
    const scene = new BlockScene(PAIR);
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
    const scene = new BlockScene(PAIR);
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

/** No block is passed on by itself, and a liar changes what it answers. */
function onlyAnswers(liar: string, change: (all: readonly Uint8Array[]) => readonly Uint8Array[]): LinkFault {
  return (from, _to, message) => {
    if (message.kind === 'compact-block') return [];
    if (from !== liar || message.kind !== 'block-txs') return undefined;
    return [{ message: { ...message, transactions: change(message.transactions) }, delayMs: 50 }];
  };
}

/** The short ids of all transactions of a scene's block, the reward too. */
function allShortIds(scene: BlockScene): Uint8Array {
  const { leaves, count } = relayBlockOf(scene.block, scene.net.hasher);
  const shortIds = new Uint8Array(8 * count);
  for (let i = 0; i < count; i++) shortIds.set(leaves.subarray(32 * i, 32 * i + 8), 8 * i);
  return shortIds;
}
