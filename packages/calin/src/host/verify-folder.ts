import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { CHAIN_LIMITS } from '@calin/core/chain/limits.ts';
import { refuseData } from '@calin/core/chain/rules.ts';
import { type VerifiedChain, type VerifyProgress, verifyChain } from '@calin/core/chain/verify-chain.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import { historyIndexUpTo, indexedHeight } from '@calin/core/history/history-index.ts';
import { BACKLOG_BLOCKS_MAX } from '@calin/core/node/limits.ts';
import type { ReadStore } from '@calin/core/ports/store.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { readFolder } from '../adapters/data-folder.ts';
import { openLevelStore } from '../adapters/open-level-store.ts';
import { verifySignatureFast } from '../adapters/signatures.ts';
import { refusalOfDamage } from '../adapters/store-corruption.ts';
import { refuseAdapter } from '../rules.ts';
import { chooseCoinShards, readIndex } from './choose-storage.ts';
import { copyStore } from './copy-store.ts';
import { createNodeKernel } from './node-kernel.ts';

/** What was verified; ids in hex. */
export interface VerifiedFolder extends Omit<VerifiedChain, 'headId'> {
  readonly headId: string;
  /** True when the folder is one with the index. */
  readonly isIndexOn: boolean;
  /** The last block whose place in the index was checked, 0 for none; near the head unless the index is off. */
  readonly indexed: number;
}

/** Blocks that an index which is on may be behind: those of the largest update of a chain, and what waited before. */
const HISTORY_BEHIND_MAX = CHAIN_LIMITS.sideBlocksMax + CHAIN_LIMITS.orphanBlocksMax + BACKLOG_BLOCKS_MAX + 1;

/** Blocks between two turns of the event loop. */
const STEPS = 16;

/** Checks everything in a data folder on a copy of its files, also while a node runs in it. */
export async function verifyFolder(
  path: string,
  progress: (progress: VerifyProgress) => void,
): Promise<Result<VerifiedFolder>> {
  const folder = readFolder(path);
  if (!folder.ok) return folder;
  const shards = chooseCoinShards(folder.value.settings, {});
  if (!shards.ok) return shards;
  const isIndexOn = readIndex(folder.value.settings);
  if (!isIndexOn.ok) return isIndexOn;
  const chain = join(path, 'chain');
  if (!existsSync(join(chain, 'CURRENT'))) {
    return refuseAdapter('folder/not-found', { folder: chain, why: 'the chain has not been started' });
  }
  const copy = copyStore(chain, path);
  if (!copy.ok) return copy;
  try {
    const opened = await openLevelStore({
      folder: copy.value.folder,
      checkedTableBytesMax: Number.POSITIVE_INFINITY,
    });
    if (!opened.ok) return opened;
    const { store } = opened.value;
    try {
      const choices = { spec: folder.value.spec, shards: shards.value, isIndexOn: isIndexOn.value === true };
      return await verifyStore(choices, store, progress).catch(refusalOfDamage);
    } finally {
      await store.close();
    }
  } finally {
    copy.value.remove();
  }
}

async function verifyStore(
  {
    spec,
    shards,
    isIndexOn,
  }: { readonly spec: ChainSpec; readonly shards: number; readonly isIndexOn: boolean },
  store: ReadStore,
  progress: (progress: VerifyProgress) => void,
): Promise<Result<VerifiedFolder>> {
  // An index that is switched off ends where it was left, one that is on may follow some blocks behind a node that
  // runs or was killed; both must be right up to there.
  const indexedTo = indexedHeight(store);
  const verifying = verifyChain(
    { spec },
    {
      store,
      consensus: createConsensus(spec),
      verify: verifySignatureFast,
      verifySeal: verifySignatureFast,
      kernel: createNodeKernel({ shards }),
      index: historyIndexUpTo(indexedTo),
    },
  );
  let step = verifying.next();
  for (let steps = 1; step.done !== true; steps++, step = verifying.next()) {
    progress(step.value);
    if (steps % STEPS === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  if (!step.value.ok) return step.value;
  const { headId, height, blocksFrom } = step.value.value;
  if (isIndexOn && indexedTo < height - HISTORY_BEHIND_MAX) {
    return refuseData('data/corrupt-record', { record: 'index', got: indexedTo, expected: height });
  }
  const indexed = blocksFrom > 1 ? 0 : Math.min(indexedTo, height);
  return ok({ ...step.value.value, headId: toHex(headId), isIndexOn, indexed });
}
