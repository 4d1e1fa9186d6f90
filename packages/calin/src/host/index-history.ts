import type { Refusal, Result } from '@calin/core/base/result.ts';
import { OK } from '@calin/core/base/result.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import { refuseData } from '@calin/core/chain/rules.ts';
import { StagedBatch } from '@calin/core/chain/staged-batch.ts';
import { catchUpHistory } from '@calin/core/history/catch-up.ts';
import { refuseHistory } from '@calin/core/history/rules.ts';
import type { StoreWrites } from '@calin/core/ports/block-index.ts';
import type { Store } from '@calin/core/ports/store.ts';

/** Keys of one commit, but for those of its last block: a few megabytes. */
const BATCH_KEYS = 20_000;

/** Told up to which height the history goes, on its way to the head. */
export type HistoryProgress = (height: number, headHeight: number) => void;

/**
 * Adds to the history what it missed while it was switched off, in commits of bounded size; when it is interrupted, the
 * next call goes on. Nothing else may use the store meanwhile.
 *
 * @returns `history/blocks-pruned` when blocks that are missing in it are not there any more, `history/left-behind`,
 *   `data/…` or the store's refusal when it is damaged or full
 */
export async function indexHistory(
  chain: Chain,
  store: Store,
  progress: HistoryProgress,
  batchKeys = BATCH_KEYS,
): Promise<Result<undefined>> {
  let batch = new StagedBatch(store);
  const writes: StoreWrites = {
    get: (key) => batch.get(key),
    put: (key, value) => batch.put(key, value),
    delete: (key) => batch.delete(key),
  };
  const headHeight = chain.head.height;
  const branch = {
    headHeight,
    idAt: (height: number) => chain.idAt(height),
    blockAt: (height: number) => {
      const id = chain.idAt(height);
      return id === undefined ? refuseData('data/missing-block', { height }) : chain.block(id);
    },
  };
  const catchingUp = catchUpHistory(writes, branch);
  let step = catchingUp.next();
  for (; step.done !== true; step = catchingUp.next()) {
    progress(step.value, headHeight);
    if (batch.size < batchKeys) {
      await new Promise((resolve) => setImmediate(resolve));
      continue;
    }
    const failure = await commit(store, batch);
    if (failure !== undefined) return { ok: false, error: failure };
    batch = new StagedBatch(store);
  }
  if (!step.value.ok) return explain(step.value.error);
  const failure = batch.size === 0 ? undefined : await commit(store, batch);
  return failure === undefined ? OK : { ok: false, error: failure };
}

/** A pruned block is nothing that whoever starts a node has asked for. */
function explain(error: Refusal): Result<never> {
  const isPruned = error.rule === 'data/pruned';
  return isPruned ? refuseHistory('history/blocks-pruned', error.evidence) : { ok: false, error };
}

function commit(store: Store, batch: StagedBatch): Promise<Refusal | undefined> {
  return new Promise((resolve) => store.commit(batch.finish(), resolve));
}
