import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { toHex } from '@calin/core/base/bytes.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import { type Block, parseBlock } from '@calin/core/primitives/block.ts';
import { openBenchNode } from '../node/bench-node.ts';
import { feedBlocks } from '../node/feed-blocks.ts';
import { benchSpec } from './bench-spec.ts';
import { ChainFile, writeChainFile } from './chain-file.ts';
import { type ChainSize, checkChainSize, planFanOut } from './chain-size.ts';
import { makeChain } from './make-chain.ts';

const SIZE: ChainSize = { coins: 600, blocks: 3, transfers: 100, respend: true };

function blocksOf(size: ChainSize): readonly Block[] {
  const chainId = createGenesis(benchSpec(size)).block.id;
  return [...makeChain(size)].map((bytes) => {
    const block = parseBlock(bytes, chainId);
    assert(block.ok);
    return block.value;
  });
}

/** The transactions of the blocks of transfers, without the rewards. */
function transfersOf(size: ChainSize): Block['transactions'] {
  return blocksOf(size)
    .slice(planFanOut(size).blocks)
    .flatMap(({ transactions }) => transactions.slice(1));
}

async function importAll(size: ChainSize, change: (bytes: Uint8Array) => Uint8Array): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'calin-bench-test-'));
  try {
    const { blocks: fanOutBlocks } = planFanOut(size);
    const blocks = [...makeChain(size)];
    blocks.push(change(blocks.pop() as Uint8Array));
    writeChainFile(folder, { fanOutBlocks, blocks: size.blocks }, blocks);
    const file = new ChainFile(folder);
    const spec = benchSpec(size);
    const node = await openBenchNode({ spec, folder: join(folder, 'store'), index: true, verified: false });
    try {
      await feedBlocks(node, file, fanOutBlocks + size.blocks);
      assert.equal(file.left, 0);
      return node.node.chain.head.height;
    } finally {
      file.close();
      await node.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the chain of a benchmark', () => {
  test('is taken by a node that checks everything', async () => {
    assert.equal(await importAll(SIZE, (bytes) => bytes), planFanOut(SIZE).blocks + SIZE.blocks);
  });

  test('is taken where several keys own each coin', async () => {
    const size = { ...SIZE, coins: 300, multisig: true };
    assert.equal(await importAll(size, (bytes) => bytes), planFanOut(size).blocks + size.blocks);
    for (const { inputs, outputs, bytes } of transfersOf(size)) {
      assert.deepEqual([inputs.length, outputs.length, bytes.length], [1, 2, 1176]);
    }
  });

  test('is refused with one bit of a witness changed, to which the header commits', async () => {
    const forge = (bytes: Uint8Array) => bytes.with(-1, (bytes.at(-1) as number) ^ 1);
    await assert.rejects(importAll(SIZE, forge), /block\/tx-root-mismatch/);
  });

  test('is the same each time', () => {
    assert.deepEqual([...makeChain(SIZE)], [...makeChain(SIZE)]);
  });

  test('has as many coins and transfers as were asked for, of the usual shape', () => {
    const blocks = blocksOf(SIZE);
    const plan = planFanOut(SIZE);
    const made = blocks.slice(1, plan.blocks).flatMap(({ transactions }) => transactions.slice(1));
    assert.equal(made.flatMap(({ outputs }) => outputs).length, SIZE.coins);
    const transfers = transfersOf(SIZE);
    assert.equal(transfers.length, SIZE.blocks * SIZE.transfers);
    for (const { inputs, outputs, bytes } of transfers) {
      assert.deepEqual([inputs.length, outputs.length, bytes.length], [1, 2, 248]);
    }
  });

  test('spends outputs of its own blocks only where that is asked for', () => {
    const respent = (size: ChainSize) => {
      const transfers = transfersOf(size);
      const made = new Set(transfers.map(({ txid }) => toHex(txid)));
      return transfers.filter(({ inputs: [input] }) => made.has(toHex(input?.txid as Uint8Array))).length;
    };
    assert(respent(SIZE) > 0);
    assert.equal(respent({ ...SIZE, respend: false }), 0);
  });
});

test('ten million coins come from a small genesis', () => {
  assert.deepEqual(planFanOut({ coins: 10_000_000 }), { seeds: 154, middles: 39_216, blocks: 100 });
});

test('sizes that cannot be are explained', () => {
  assert.equal(checkChainSize(SIZE), undefined);
  assert.match(checkChainSize({ ...SIZE, coins: 0 }) ?? '', /--coins/);
  assert.match(checkChainSize({ ...SIZE, blocks: 1.5 }) ?? '', /--blocks/);
  assert.match(checkChainSize({ ...SIZE, coins: 1e9 }) ?? '', /--coins is at most/);
  assert.match(checkChainSize({ ...SIZE, coins: 200, respend: false }) ?? '', /300 transfers/);
});
