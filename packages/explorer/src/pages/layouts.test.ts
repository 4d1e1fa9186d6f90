import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BlockSummary } from '../node/block-summaries.ts';
import { formatTicks, formatValue } from './charts/format-value.ts';
import { layoutTree } from './forks/layout-tree.ts';
import { measurePace } from './home/chain-pace.ts';
import { fillBlock } from './home/fill-block.ts';
import { layoutSteps } from './mempool/layout-steps.ts';
import { layoutPeers } from './network/layout-peers.ts';
import { layoutFlow } from './transaction/layout-flow.ts';

const block = (height: number, timeMs: number, transactions: number) =>
  ({ header: { height, timeMs }, transactions, firstTxids: [] }) as unknown as BlockSummary;
const coin = (amount: number, asset = 0) => ({ amount, asset, address: `a${amount}` });
const from = (index: number) => ({ txid: 'aa', index });

test('the next block takes what fits, in order', () => {
  assert.deepEqual(fillBlock([{ gas: 4 }, { gas: 5 }, { gas: 2 }, { gas: 1 }], 10), {
    transactions: 2,
    gas: 9,
  });
  assert.deepEqual(fillBlock([], 10), { transactions: 0, gas: 0 });
});

test('the pace leaves out the genesis block and rewards', () => {
  const pace = measurePace([block(2, 21_000, 3), block(1, 20_000, 2), block(0, 0, 1)]);
  assert.deepEqual(pace, { blockMs: 1000, transactionsPerSecond: 2, transactions: 3 });
  const alone = measurePace([block(0, 0, 1)]);
  assert.deepEqual(alone, { blockMs: undefined, transactionsPerSecond: undefined, transactions: 0 });
});

test('steps are as wide as gas, as high as its price, and blocks end where they are full', () => {
  const size = { width: 100, height: 50 };
  const entries = [
    { txid: 'a', gas: 50, fee: 100 },
    { txid: 'b', gas: 50, fee: 50 },
  ];
  const { steps, blockEnds } = layoutSteps(entries, 50, size);
  assert.deepEqual(
    steps.map(({ x, height }) => [x, height]),
    [
      [0, 50],
      [50, 25],
    ],
  );
  assert.deepEqual(blockEnds, [50]);
  assert.deepEqual(layoutSteps([], 50, size), { steps: [], blockEnds: [] });
});

test('streams are as wide as amounts, and what is burned is one of them', () => {
  const flow = layoutFlow({
    inputs: [from(0), from(1)],
    sources: [coin(60), coin(40)],
    outputs: [coin(90)],
    burned: 8,
    tip: 2,
  });
  assert.deepEqual(
    flow.from.map(({ kind, amount }) => [kind, amount]),
    [
      ['coin', 60],
      ['coin', 40],
    ],
  );
  assert.deepEqual(
    flow.to.map(({ kind, amount }) => [kind, amount]),
    [
      ['coin', 90],
      ['tip', 2],
      ['burned', 8],
    ],
  );
  const [first, second] = flow.from;
  assert.equal((first?.thickness ?? 0) / (second?.thickness ?? 1), 1.5);
});

test('rewards, new tokens and coins that are gone have a source too', () => {
  const reward = layoutFlow({ inputs: [], sources: [], outputs: [coin(5), coin(6)], burned: 0, tip: 0 });
  assert.deepEqual(
    reward.from.map(({ kind, amount }) => [kind, amount]),
    [['created', 11]],
  );
  const token = layoutFlow({
    inputs: [from(0)],
    sources: [coin(5)],
    outputs: [coin(5), coin(9, 7)],
    burned: 0,
    tip: 0,
  });
  assert.deepEqual(
    token.from.map(({ kind, asset, amount }) => [kind, asset, amount]),
    [
      ['coin', 0, 5],
      ['created', 7, 9],
    ],
  );
  const gone = layoutFlow({ inputs: [from(0)], sources: [null], outputs: [coin(9, 7)], burned: 0, tip: 0 });
  assert.deepEqual(
    gone.from.map(({ kind }) => kind),
    ['unknown'],
  );
});

test('many coins are drawn as some and the rest', () => {
  const outputs = Array.from({ length: 30 }, () => coin(1));
  const { to } = layoutFlow({ inputs: [from(0)], sources: [coin(30)], outputs, burned: 0, tip: 0 });
  assert.equal(to.length, 12);
  assert.deepEqual([to.at(-1)?.key, to.at(-1)?.amount], ['19 more', 19]);
});

test('peers lie around the node, the quicker the nearer, and none beyond the border', () => {
  const peers = [0, 100, 500, 90_000, null].map((latencyMs, i) => ({ id: `p${i}`, latencyMs }));
  const distances = layoutPeers(peers).map(({ x, y }) => Math.round(Math.hypot(x, y)));
  assert.deepEqual(distances, [34, 72, 120, 120, 120]);
  assert.deepEqual(layoutPeers([]), []);
});

test('values and moments of an axis are short', () => {
  assert.deepEqual([0, 1.25, 12_345, 0.0000085].map(formatValue), ['0', '1.25', '12.35K', '0.0000085']);
  assert.deepEqual(formatTicks([0, 3600]), ['00:00', '01:00']);
  assert.deepEqual(formatTicks([0, 30]), ['00:00:00', '00:00:30']);
  assert.deepEqual(formatTicks([0, 86_400 * 3]), ['01-01', '01-04']);
});

test('side branches lie in lanes of their own, as near to the best one as there is room', () => {
  const line = (name: string, from: number, to: number, parent: string) =>
    Array.from({ length: to - from + 1 }, (_, i) => ({
      id: `${name}${from + i}`,
      parent: i === 0 ? parent : `${name}${from + i - 1}`,
      height: from + i,
    }));
  const places = layoutTree(line('a', 0, 9, 'none'), [
    ...line('b', 3, 6, 'a2'),
    ...line('c', 5, 5, 'b4'),
    ...line('d', 9, 9, 'a8'),
  ]);
  const laneOf = (id: string) => places.find((one) => one.id === id)?.lane;
  assert.deepEqual(['a9', 'b3', 'b6', 'c5', 'd9'].map(laneOf), [0, 1, 1, 2, 1]);
  assert.deepEqual([places.length, places.find(({ id }) => id === 'a9')?.column], [16, 0]);
});
