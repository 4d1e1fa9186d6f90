import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { toHex } from '@calin/core/base/bytes.ts';
import type { ProductionConfig } from '@calin/core/node/config.ts';
import { benchSpec } from '../../bench/chain/bench-spec.ts';
import type { ChainSize } from '../../bench/chain/chain-size.ts';
import { authorityKey } from '../../bench/chain/keys.ts';
import { makeChain } from '../../bench/chain/make-chain.ts';
import { createKeySigner } from '../../src/adapters/key-signer.ts';
import { temporaryFolder } from '../../src/adapters/level-store.testing.ts';
import { type FaultNode, openFaultNode, ruleOf, startFaultNode, until } from './fault-node.testing.ts';

/** Blocks of 20 transfers, each of which takes a coin and makes two. */
const SIZE: ChainSize = { coins: 400, blocks: 12, transfers: 20, respend: false };
const SPEC = benchSpec(SIZE);
const CHAIN = [...makeChain(SIZE)];
/** As many blocks as make the coins. */
const FAN_OUT_BLOCKS = CHAIN.length - SIZE.blocks;

describe('memory for coins that is used up', () => {
  it('refuses the block and keeps the state; with more room the same block imports', async () => {
    using folder = temporaryFolder();
    await using small = await startFaultNode({ spec: SPEC, folder: folder.path, coinsMax: 560 });
    const verdicts: string[] = [];
    for (const block of CHAIN) verdicts.push(ruleOf(await small.importBlock(block)));
    const taken = verdicts.indexOf('data/state-full');
    assert.ok(taken > FAN_OUT_BLOCKS && taken < CHAIN.length, verdicts.join());
    assert.deepEqual(new Set(verdicts.slice(0, taken)), new Set(['ok']));
    const before = small.summary();
    assert.equal(before.height, taken);
    assert.ok(before.coins <= 560);
    const refused = await small.importBlock(CHAIN[taken] as Uint8Array);
    assert.ok(!refused.ok && refused.error.help.includes('--coin-shards'));
    assert.deepEqual(refused.error.evidence, { coins: before.coins });
    assert.deepEqual(small.summary(), before);
    await small.stop();

    await using roomy = await startFaultNode({ spec: SPEC, folder: folder.path });
    assert.deepEqual(roomy.summary(), before);
    for (const block of CHAIN.slice(taken)) assert.equal(ruleOf(await roomy.importBlock(block)), 'ok');
    assert.equal(roomy.summary().height, CHAIN.length);
    await roomy.stop();
  });

  it('lets a smaller block in after a larger one was refused', async () => {
    using folder = temporaryFolder();
    await using node = await startFaultNode({ spec: SPEC, folder: folder.path, coinsMax: 440 });
    for (const block of CHAIN.slice(0, FAN_OUT_BLOCKS)) await node.importBlock(block);
    const before = node.summary();
    assert.equal(ruleOf(await node.importBlock(CHAIN[FAN_OUT_BLOCKS] as Uint8Array)), 'data/state-full');
    // The same transfers up to here, two of them in the next block.
    const [smaller] = [...makeChain({ ...SIZE, transfers: 2 })].slice(FAN_OUT_BLOCKS);
    assert.equal(ruleOf(await node.importBlock(smaller as Uint8Array)), 'ok');
    assert.equal(node.summary().coins, before.coins + 2 + 1);
    await node.stop();
  });

  it('says so when a chain is opened, by its checkpoint or by its blocks, and changes nothing', async () => {
    for (const end of ['stop', 'kill'] as const) {
      using folder = temporaryFolder();
      const options = { spec: SPEC, folder: folder.path };
      await using node = await startFaultNode(options);
      for (const block of CHAIN) await node.importBlock(block);
      const before = node.summary();
      await node[end]();
      const small = await openFaultNode({ ...options, coinsMax: 500 });
      assert.ok(!small.ok);
      assert.equal(small.error.rule, 'data/state-full');
      assert.ok(small.error.help.includes('--coin-shards'));
      const { coins, height } = small.error.evidence;
      if (end === 'stop') assert.deepEqual([coins, height], [before.coins, CHAIN.length]);
      else assert.ok(Number(coins) <= 500 && Number(height) < CHAIN.length);
      await using roomy = await startFaultNode(options);
      assert.deepEqual(roomy.summary(), before);
      await roomy.stop();
    }
  });

  it('lets a node that reached it start again with as much as it had', async () => {
    using folder = temporaryFolder();
    const options = { spec: SPEC, folder: folder.path, coinsMax: 560 };
    await using node = await startFaultNode(options);
    let given = 0;
    while (ruleOf(await node.importBlock(CHAIN[given] as Uint8Array)) === 'ok') given += 1;
    const before = node.summary();
    await node.kill();
    await using again = await startFaultNode(options);
    assert.equal(again.opened.replayed, given);
    assert.deepEqual(again.summary(), before);
    await again.stop();
  });
});

describe('branches where memory for coins is used up', () => {
  /** Another branch from the first transfers on: 2 of them in a block. */
  const SMALL = [...makeChain({ ...SIZE, transfers: 2 })];
  const COINS_MAX = 560;

  /** A node with the blocks that make the coins, and how many blocks of `CHAIN` there is memory for. */
  async function startAtFork(folder: string): Promise<{ node: FaultNode; room: number }> {
    using other = temporaryFolder();
    await using probe = await startFaultNode({ spec: SPEC, folder: other.path, coinsMax: COINS_MAX });
    let room = 0;
    while (ruleOf(await probe.importBlock(CHAIN[room] as Uint8Array)) === 'ok') room += 1;
    const node = await startFaultNode({ spec: SPEC, folder, coinsMax: COINS_MAX });
    for (const block of CHAIN.slice(0, FAN_OUT_BLOCKS)) await node.importBlock(block);
    return { node, room };
  }

  async function importAll(node: FaultNode, blocks: readonly Uint8Array[]): Promise<void> {
    for (const block of blocks) assert.equal(ruleOf(await node.importBlock(block)), 'ok');
  }

  it('leave a full branch for one that is smaller and longer', async () => {
    using folder = temporaryFolder();
    const { node, room } = await startAtFork(folder.path);
    await using _ = node;
    await importAll(node, CHAIN.slice(FAN_OUT_BLOCKS, room));
    const full = node.summary();
    await importAll(node, SMALL.slice(FAN_OUT_BLOCKS, room + 1));
    const { height, coins, root } = node.summary();
    assert.equal(height, room + 1);
    assert.ok(coins < full.coins);
    assert.equal(root, toHex(node.node.chain.head.header.stateRoot));
  });

  it('stay on theirs when a longer one does not fit, and grow', async () => {
    using folder = temporaryFolder();
    const { node, room } = await startAtFork(folder.path);
    await using _ = node;
    await importAll(node, [...SMALL.slice(FAN_OUT_BLOCKS, room), ...CHAIN.slice(FAN_OUT_BLOCKS, room)]);
    const before = node.summary();
    assert.equal(ruleOf(await node.importBlock(CHAIN[room] as Uint8Array)), 'data/state-full');
    assert.deepEqual(node.summary(), before);
    await importAll(node, SMALL.slice(room, room + 2));
    assert.equal(node.summary().height, room + 2);
  });

  it('take a block whose waiting child does not fit, and not the child', async () => {
    using folder = temporaryFolder();
    const { node, room } = await startAtFork(folder.path);
    await using _ = node;
    await importAll(node, CHAIN.slice(FAN_OUT_BLOCKS, room - 1));
    const child = CHAIN[room] as Uint8Array;
    assert.equal(ruleOf(await node.importBlock(child)), 'chain/parent-unknown');
    await importAll(node, [CHAIN[room - 1] as Uint8Array]);
    assert.equal(node.summary().height, room);
    assert.equal(ruleOf(await node.importBlock(child)), 'data/state-full');
  });
});

describe('a producer without memory for coins', () => {
  const { publicKey, address, seed } = authorityKey();
  const production: ProductionConfig = { kind: 'on-transaction', intervalMs: 0, publicKey, payTo: address };
  const producing = { spec: SPEC, production, signer: createKeySigner({ publicKey, secretKey: seed }) };

  it('makes smaller blocks, then none, says so once, and goes on where there is room', async () => {
    using folder = temporaryFolder();
    await using node = await startFaultNode({ ...producing, folder: folder.path, coinsMax: 440 });
    for (const block of CHAIN.slice(0, FAN_OUT_BLOCKS)) await node.importBlock(block);
    const start = node.summary();
    const transfers = CHAIN.slice(FAN_OUT_BLOCKS).flatMap((bytes) => transfersOf(node, bytes));
    const submitted = await node.ask({ kind: 'submit', transactions: transfers });
    assert.equal(ruleOf(submitted), 'ok');
    const isSaid = () => node.logs.filter(({ message }) => message.startsWith('no transaction is taken'));
    await until(() => isSaid().length > 0);
    const full = node.summary();
    assert.ok(full.height > FAN_OUT_BLOCKS, 'the first blocks found room');
    assert.ok(full.coins <= 440 && node.node.mempool.size > 0);
    // Another look at the pool finds no more room, and says nothing new.
    await setTimeout(1200);
    const [entry, ...others] = isSaid();
    assert.deepEqual(others, []);
    assert.equal(entry?.level, 'error');
    assert.equal(entry.fields['rule'], 'data/state-full');
    assert.match(String(entry.fields['help']), /--coin-shards/);
    assert.deepEqual(node.summary(), full);
    await node.stop();

    await using roomy = await startFaultNode({ ...producing, folder: folder.path });
    await until(() => roomy.node.mempool.size === 0);
    // Each transfer adds a coin, and each block its reward.
    const { coins, height } = roomy.summary();
    assert.equal(coins, start.coins + transfers.length + height - start.height);
    await roomy.stop();
  });
});

/** The transfers of a block, as somebody would send them. */
function transfersOf({ node }: FaultNode, bytes: Uint8Array): Uint8Array[] {
  const block = node.chain.scanBlock(bytes);
  assert.ok(block.ok);
  return block.value.transactions.slice(1).map((transaction) => transaction.bytes);
}
