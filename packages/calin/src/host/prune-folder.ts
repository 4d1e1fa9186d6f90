import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Refusal, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import { layout } from '@calin/core/chain/layout.ts';
import { CHAIN_LIMITS } from '@calin/core/chain/limits.ts';
import { openChain } from '@calin/core/chain/open-chain.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import { ZERO_HASH } from '@calin/core/crypto/hash.ts';
import { trailingHistoryIndex } from '@calin/core/history/history-index.ts';
import { SIGNATURES_CHECKED } from '@calin/core/ledger/transaction-signatures.ts';
import type { StoreBatch } from '@calin/core/ports/store.ts';
import { type DataFolder, openDataFolder } from '../adapters/data-folder.ts';
import type { LevelStore } from '../adapters/level-store.ts';
import { openLevelStore } from '../adapters/open-level-store.ts';
import { refusalOfDamage } from '../adapters/store-corruption.ts';
import { refuseAdapter } from '../rules.ts';
import { CHECKPOINT_BLOCKS, chooseCoinShards, chooseStorage, saveStorage } from './choose-storage.ts';
import { createNodeKernel } from './node-kernel.ts';

/** What a pruning did. */
export interface PrunedFolder {
  /** Blocks that are kept from now on. */
  readonly keep: number;
  readonly height: number;
  /** The lowest height above 0 of which the block is still there. */
  readonly blocksFrom: number;
  /** Bytes of the files of the store, without LevelDB's notes about its own work. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** Told how far the pruning is. */
export type PruneProgress = (phase: 'open' | 'prune' | 'compact', done: number, total: number) => void;

/** Steps between two turns of the event loop while the chain is opened. */
const OPEN_STEPS = 32;

/** Parts in which each kind of key is compacted, so that a large store shows that it gets on. */
const COMPACT_PARTS = 8;

/**
 * Makes a data folder that no node runs in a pruned one, and gives the disk its space back. It may be interrupted at
 * any moment: what is left is a pruned folder that goes on from there.
 *
 * @param keep - how many of the last blocks to keep; as before when left out
 * @returns `store/locked` while a node runs in it, `chain/prune-blocks` when fewer blocks are to be kept than may be
 *   undone, or what is wrong with the folder
 */
export async function pruneFolder(
  path: string,
  keep: number | undefined,
  progress: PruneProgress,
): Promise<Result<PrunedFolder>> {
  const folder = openDataFolder(path);
  if (!folder.ok) return folder;
  try {
    const { chainPath } = folder.value;
    if (!existsSync(join(chainPath, 'CURRENT'))) {
      return refuseAdapter('folder/not-found', { folder: chainPath, why: 'the chain has not been started' });
    }
    const bytesBefore = bytesOf(chainPath);
    const opened = await openLevelStore({ folder: chainPath });
    if (!opened.ok) return opened;
    const { store } = opened.value;
    const pruned = await pruneStore(folder.value, store, keep, progress)
      .catch(refusalOfDamage)
      .finally(() => store.close());
    return pruned.ok ? ok({ ...pruned.value, bytesBefore, bytesAfter: bytesOf(chainPath) }) : pruned;
  } finally {
    folder.value.close();
  }
}

async function pruneStore(
  folder: DataFolder,
  store: LevelStore,
  keep: number | undefined,
  progress: PruneProgress,
): Promise<Result<Omit<PrunedFolder, 'bytesBefore' | 'bytesAfter'>>> {
  const mode = chooseStorage(folder, { mode: 'pruned', pruneBlocks: keep });
  if (!mode.ok) return mode;
  const shards = chooseCoinShards(folder.settings, {});
  if (!shards.ok) return shards;
  const { spec } = folder;
  const opening = openChain(
    { spec, checkpointBlocks: CHECKPOINT_BLOCKS, mode: mode.value, limits: CHAIN_LIMITS },
    {
      store,
      consensus: createConsensus(spec),
      verify: SIGNATURES_CHECKED,
      kernel: createNodeKernel({ shards: shards.value }),
      index: trailingHistoryIndex,
    },
  );
  let step = opening.next();
  for (let steps = 1; step.done !== true; steps++, step = opening.next()) {
    progress('open', step.value.done, step.value.total);
    if (steps % OPEN_STEPS === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  if (!step.value.ok) return step.value;
  const { chain } = step.value.value;
  // First of all: from the first deleted block on the folder can be opened in this mode only.
  const saved = saveStorage(folder, mode.value);
  if (!saved.ok) return saved;
  const failure = (await deleteBlocks(chain, store, progress)) ?? (await compact(store, progress));
  if (failure !== undefined) return { ok: false, error: failure };
  const blocks = mode.value.kind === 'pruned' ? mode.value.blocks : 0;
  return ok({ keep: blocks, height: chain.head.height, blocksFrom: chain.storage.blocksFrom });
}

async function deleteBlocks(
  chain: Chain,
  store: LevelStore,
  progress: PruneProgress,
): Promise<Refusal | undefined> {
  for (const { batch, done, total } of chain.prune()) {
    const failure = await commit(store, batch);
    if (failure !== undefined) return failure;
    progress('prune', done, total);
  }
  return undefined;
}

/** Rewrites the tables that held what was deleted; LevelDB would do it some day. */
async function compact(store: LevelStore, progress: PruneProgress): Promise<Refusal | undefined> {
  const kinds = [layout.block, layout.receipts, layout.undo, layout.header].map((key) => key(ZERO_HASH));
  const prefixes = [...kinds, layout.chunk(0, 0)].map((key) => key[0] ?? 0);
  const width = 256 / COMPACT_PARTS;
  const total = prefixes.length * COMPACT_PARTS;
  for (const [i, prefix] of prefixes.entries()) {
    for (let part = 0; part < COMPACT_PARTS; part++) {
      const end = Uint8Array.of(prefix, (part + 1) * width - 1, ...new Uint8Array(32).fill(0xff));
      const failure = await store.compact(Uint8Array.of(prefix, part * width), end);
      if (failure !== undefined) return failure;
      progress('compact', i * COMPACT_PARTS + part + 1, total);
    }
  }
  return undefined;
}

function commit(store: LevelStore, batch: StoreBatch): Promise<Refusal | undefined> {
  return new Promise((resolve) => store.commit(batch, resolve));
}

function bytesOf(folder: string): number {
  const names = readdirSync(folder).filter((name) => name !== 'LOG' && name !== 'LOG.old');
  const sizes = names.map((name) => statSync(join(folder, name)).size);
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
