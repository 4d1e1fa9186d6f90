import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { toHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { ALICE, BOB, textOf } from '@calin/core/rpc/node-view.testing.ts';
import type { TestHost } from '../server/server.testing.ts';
import { type BareLine, bareLine, ruleOf, startTestLine } from './line-server.testing.ts';
import type { LineBlockchain } from './read-blockchain.ts';
import { refuseLine } from './rules.ts';

const KEY = toHex(ALICE.secretKey);

/** A payment of Alice's. */
function payment(amount: string, key = KEY, from = textOf(ALICE)): string {
  return `ADD_TRANSACTION:${from}:${textOf(BOB)}:${amount}:${key}`;
}

async function blockchain(line: BareLine, from?: number): Promise<LineBlockchain> {
  const answer = await line.ask(from === undefined ? 'GET_BLOCKCHAIN' : `GET_BLOCKCHAIN:${from}`);
  return JSON.parse(answer ?? '') as LineBlockchain;
}

async function mine(host: TestHost, blocks: number): Promise<void> {
  let mined: Result<unknown> | undefined;
  host.node.runner.request({ kind: 'mine', blocks }, (answer) => {
    mined = answer;
  });
  for (let passed = 0; mined === undefined && passed < 1000; passed++) host.node.advance(10);
  assert.equal(mined?.ok, true);
}

/** What an account has, and what is on its way to it, in hugs. */
function balanceOf(host: TestHost, { address }: { readonly address: Uint8Array }): number {
  const balances = host.view.balances(address);
  assert.ok(balances.ok);
  const [native] = balances.value;
  return (native?.confirmed ?? 0) + (native?.incoming ?? 0);
}

async function start(t: TestContext, limits = {}) {
  const { host, server } = await startTestLine(t, limits);
  return { host, line: bareLine(t, server.port), port: server.port };
}

test('a payment goes into the pool; several at once, over several connections, spend different coins', async (t) => {
  const { host, line, port } = await start(t);
  const lines = [line, bareLine(t, port), bareLine(t, port)];
  const answers = await Promise.all(lines.map((one) => one.ask(payment('1.5'))));
  assert.deepEqual(answers, ['SUCCESS', 'SUCCESS', 'SUCCESS']);
  assert.equal(balanceOf(host, BOB), 450_000_000);
});

test('a payment that cannot be made is refused by its rule, and nothing is sent', async (t) => {
  const { host, line } = await start(t);
  const cases: readonly (readonly [string, string])[] = [
    [payment('1', toHex(BOB.secretKey)), 'line/wrong-key'],
    [payment('1', KEY, textOf(BOB)), 'line/wrong-key'],
    [payment('1', toHex(BOB.secretKey), textOf(BOB)), 'wallet/insufficient-funds'],
    [payment('200.1'), 'wallet/insufficient-funds'],
    [payment('0'), 'wallet/output-zero'],
  ];
  for (const [text, rule] of cases) {
    const answer = await line.ask(text);
    assert.equal(ruleOf(answer), rule);
    assert.equal(answer?.includes(KEY), false);
  }
  assert.deepEqual([balanceOf(host, ALICE), balanceOf(host, BOB)], [20_000_000_000, 0]);
});

test('the blockchain comes in pieces that are bounded and fit together', async (t) => {
  const { host, line } = await start(t, { blocksMax: 7 });
  await mine(host, 20);
  const last = await blockchain(line);
  assert.deepEqual(
    [last.height, last.blocks.map(({ height }) => height)],
    [20, [14, 15, 16, 17, 18, 19, 20]],
  );
  assert.equal(last.next, 21);
  const ids: string[] = [];
  for (let next = 0; next <= 20; ) {
    const piece = await blockchain(line, next);
    assert.ok(piece.blocks.length <= 7 && piece.next > next);
    ids.push(...piece.blocks.map(({ id }) => id));
    next = piece.next;
  }
  assert.deepEqual([ids.length, ids.at(-1)], [21, last.head]);
  assert.deepEqual([(await blockchain(line, 21)).blocks, (await blockchain(line, 21)).next], [[], 21]);
  const small = await start(t, { answerBytesMax: 10 });
  await mine(small.host, 3);
  // One block is always given, however small the limit.
  assert.deepEqual((await blockchain(small.line)).blocks.length, 1);
});

test('blocks of one node are taken by another, which then has the same head', async (t) => {
  const from = await start(t);
  assert.equal(await from.line.ask(payment('2')), 'SUCCESS');
  await mine(from.host, 12);
  const to = await start(t);
  to.host.node.nowMs = from.host.node.nowMs;
  const data = await from.line.ask('GET_BLOCKCHAIN');
  assert.equal(await to.line.ask(`SYNC_BLOCKCHAIN:${data}`), 'SUCCESS');
  assert.equal((await blockchain(to.line)).head, (await blockchain(from.line)).head);
  // Again: all of them are there already.
  assert.equal(await to.line.ask(`SYNC_BLOCKCHAIN:${data}`), 'SUCCESS');
});

test('data that is damaged, foreign or without its beginning is refused by its rule', async (t) => {
  const from = await start(t);
  assert.equal(await from.line.ask(payment('2')), 'SUCCESS');
  await mine(from.host, 3);
  const chain = await blockchain(from.line);
  const to = await start(t);
  to.host.node.nowMs = from.host.node.nowMs;
  const changed = (change: (block: LineBlockchain['blocks'][number]) => object) => ({
    ...chain,
    blocks: chain.blocks.map((block) => (block.height === 1 ? { ...block, ...change(block) } : block)),
  });
  const flipped = ({ bytes }: { readonly bytes: string }) =>
    bytes.slice(0, -10) + (bytes.at(-10) === '0' ? '1' : '0') + bytes.slice(-9);
  const cases: readonly (readonly [unknown, string])[] = [
    [{ ...chain, chainId: '00'.repeat(32) }, 'line/other-chain'],
    [{ blocks: 7 }, 'line/data'],
    [[chain], 'line/data'],
    [null, 'line/data'],
    [changed(() => ({ bytes: 'xyz' })), 'line/data'],
    [changed(() => ({ id: '11'.repeat(32) })), 'line/data'],
    [changed(() => ({ bytes: '00' })), 'codec/truncated'],
    [changed((block) => ({ bytes: flipped(block) })), 'block/tx-root-mismatch'],
    [{ ...chain, blocks: chain.blocks.slice(2) }, 'chain/parent-unknown'],
    [{ blocks: Array(129).fill({}) }, 'line/too-many-blocks'],
  ];
  for (const [data, rule] of cases) {
    assert.equal(ruleOf(await to.line.ask(`SYNC_BLOCKCHAIN:${JSON.stringify(data)}`)), rule);
  }
  const texts = ['{', 'x', `${'['.repeat(100_000)}`, '{"blocks":[}'];
  for (const text of texts)
    assert.match(ruleOf(await to.line.ask(`SYNC_BLOCKCHAIN:${text}`)) ?? '', /^line\//);
  assert.equal((await blockchain(to.line)).height, 0);
});

test('a validation answers with one word, and by its rule when it could not be carried out', async (t) => {
  const test = await startTestLine(t);
  const line = bareLine(t, test.server.port);
  for (const [outcome, expected] of [
    [ok(true), 'VALID'],
    [ok(false), 'INVALID'],
  ] as const) {
    test.validator = { validate: (done) => done(outcome) };
    assert.equal(await line.ask('VALIDATE_BLOCKCHAIN'), expected);
  }
  test.validator = { validate: (done) => done(refuseLine('line/validating')) };
  assert.equal(ruleOf(await line.ask('VALIDATE_BLOCKCHAIN')), 'line/validating');
});

test('a mistake of the program is an answer, and the connection goes on', async (t) => {
  const test = await startTestLine(t);
  test.validator = {
    validate() {
      throw new Error('a mistake');
    },
  };
  const line = bareLine(t, test.server.port);
  assert.equal(ruleOf(await line.ask('VALIDATE_BLOCKCHAIN')), 'rpc/internal');
  assert.equal((await blockchain(line)).height, 0);
});
