import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { blankHistory, grown, specOfDepth, TEST_NOW_MS } from '@calin/core/chain/chain.testing.ts';
import { layout } from '@calin/core/chain/layout.ts';
import { CHAIN_LIMITS } from '@calin/core/chain/limits.ts';
import { openChain } from '@calin/core/chain/open-chain.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import { SIGNATURES_CHECKED } from '@calin/core/ledger/transaction-signatures.ts';
import type { StoreBatch } from '@calin/core/ports/store.ts';
import type { Block } from '@calin/core/primitives/block.ts';
import { createDataFolder, openDataFolder } from '../adapters/data-folder.ts';
import { temporaryFolder } from '../adapters/level-store.testing.ts';
import { openLevelStore } from '../adapters/open-level-store.ts';
import { type PruneProgress, pruneFolder } from './prune-folder.ts';

const DEPTH = 3;
const spec = specOfDepth(DEPTH);
const KEEP = CHAIN_LIMITS.undoBlocks + DEPTH;
const ignore: PruneProgress = () => {};

/** A folder with a full chain of these blocks, as a node leaves it that was killed. */
async function fullFolder(path: string, blocks: readonly Block[]): Promise<void> {
  assert.ok(createDataFolder(path, spec).ok);
  const opened = await openLevelStore({ folder: join(path, 'chain') });
  assert.ok(opened.ok);
  const { store } = opened.value;
  const commit = (batch: StoreBatch) => store.commit(batch, (failure) => assert.equal(failure, undefined));
  const opening = openChain(
    { spec, checkpointBlocks: 1_000, mode: { kind: 'full' }, limits: CHAIN_LIMITS },
    {
      store,
      consensus: createConsensus(spec),
      verify: SIGNATURES_CHECKED,
      verifySeal: SIGNATURES_CHECKED,
    },
  ).next();
  assert.ok(opening.done === true && opening.value.ok);
  const { chain, batch } = opening.value.value;
  commit(batch);
  for (const block of blocks) {
    const update = chain.importBlock(block, TEST_NOW_MS);
    assert.ok(update.ok);
    commit(update.value.batch);
  }
  await store.close();
}

/** The heights whose blocks are in a folder. */
async function heightsIn(path: string, blocks: readonly Block[]): Promise<number[]> {
  const opened = await openLevelStore({ folder: join(path, 'chain') });
  assert.ok(opened.ok);
  const { store } = opened.value;
  const there = blocks.filter(({ id }) => store.get(layout.block(id)) !== undefined);
  await store.close();
  return there.map(({ header }) => header.height);
}

describe('pruning a folder', () => {
  const blocks = grown(blankHistory(81, spec), KEEP + 40, 1);

  it('can be interrupted at any point and repeated, and keeps exactly what it was told to', async () => {
    using place = temporaryFolder();
    const path = join(place.path, 'chain');
    await fullFolder(path, blocks);
    for (const at of ['open', 'prune', 'compact']) {
      const interrupted = pruneFolder(path, KEEP, (phase) => {
        if (phase === at) throw new Error('interrupted');
      });
      await assert.rejects(interrupted, /interrupted/, at);
    }
    const pruned = await pruneFolder(path, KEEP, ignore);
    assert.ok(pruned.ok);
    const { keep, height, blocksFrom } = pruned.value;
    assert.deepEqual([keep, height, blocksFrom], [KEEP, KEEP + 40, 41]);
    const kept = await heightsIn(path, blocks);
    assert.deepEqual([kept[0], kept.length], [41, KEEP]);
    const folder = openDataFolder(path);
    assert.ok(folder.ok);
    assert.deepEqual(folder.value.settings, { mode: 'pruned', pruneBlocks: KEEP });
    const locked = await pruneFolder(path, KEEP, ignore);
    assert.ok(!locked.ok && locked.error.rule === 'store/locked');
    folder.value.close();
  });

  it('changes nothing when too few blocks are to be kept, or the chain has not begun', async () => {
    using place = temporaryFolder();
    const path = join(place.path, 'chain');
    await fullFolder(path, blocks.slice(0, 5));
    const few = await pruneFolder(path, KEEP - 1, ignore);
    assert.ok(!few.ok && few.error.rule === 'chain/prune-blocks');
    assert.equal(few.error.evidence['expected'], KEEP);
    assert.equal((await heightsIn(path, blocks.slice(0, 5))).length, 5);
    const folder = openDataFolder(path);
    assert.ok(folder.ok);
    assert.deepEqual(folder.value.settings, {});
    folder.value.close();
    const empty = join(place.path, 'empty');
    assert.ok(createDataFolder(empty, spec).ok);
    const unstarted = await pruneFolder(empty, undefined, ignore);
    assert.ok(!unstarted.ok && unstarted.error.rule === 'folder/not-found');
  });
});
