import { type Amount, amount, HUGS_PER_CALIN } from '@calin/core/base/amount.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { ChainDependencies, ChainOptions } from '@calin/core/chain/chain-parts.ts';
import { CHAIN_LIMITS } from '@calin/core/chain/limits.ts';
import { type OpenedChain, openChain } from '@calin/core/chain/open-chain.ts';
import { type VerifiedChain, verifyChain } from '@calin/core/chain/verify-chain.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import { historyIndexUpTo, indexedHeight, trailingHistoryIndex } from '@calin/core/history/history-index.ts';
import { testKey } from '@calin/core/ledger/testing/owners.testing.ts';
import type { ReadStore } from '@calin/core/ports/store.ts';
import { devSpec } from '@calin/core/spec/presets.ts';
import { verifySignatureFast } from '../../src/adapters/signatures.ts';
import { createNodeKernel } from '../../src/host/node-kernel.ts';

/** Coins that are moved on and on, each by a line of transactions of its own. */
export const LANES = 16;

/** What each lane owns at the start. */
export const LANE_AMOUNT: Amount = amount(10_000 * HUGS_PER_CALIN);

/** Makes the blocks. */
export const CRASH_AUTHORITY = testKey(0);

/** Owns the coin of a lane. */
export const laneKey = (lane: number) => testKey(lane + 1);

/** The chain of the crash tests: a development chain with one coin for each lane. */
export const CRASH_SPEC = devSpec({
  authority: CRASH_AUTHORITY.publicKey,
  genesisTimeMs: 1_760_000_000_000,
  allocations: Array.from({ length: LANES }, (_, lane) => ({
    address: laneKey(lane).address,
    amount: LANE_AMOUNT,
  })),
});

/** So few blocks between two checkpoints that kills fall into the writing of them too. */
export const CHECKPOINT_BLOCKS = 15;

const OPTIONS: ChainOptions = {
  spec: CRASH_SPEC,
  checkpointBlocks: CHECKPOINT_BLOCKS,
  mode: { kind: 'archive' },
  limits: CHAIN_LIMITS,
};

/** The consensus of {@link CRASH_SPEC}. */
export const CRASH_CONSENSUS = createConsensus(CRASH_SPEC);

function dependencies(store: ReadStore) {
  return {
    store,
    consensus: CRASH_CONSENSUS,
    verify: verifySignatureFast,
    verifySeal: verifySignatureFast,
    kernel: createNodeKernel(),
    index: trailingHistoryIndex,
  } satisfies ChainDependencies;
}

/** Opens the chain as a node does. */
export function openCrashChain(store: ReadStore): Result<OpenedChain> {
  return finish(openChain(OPTIONS, dependencies(store)));
}

/** Replays everything from genesis, signatures included, and compares every root, and the history as far as it goes. */
export function verifyCrashChain(store: ReadStore): Result<VerifiedChain> {
  const index = historyIndexUpTo(indexedHeight(store));
  const verified = finish(verifyChain(OPTIONS, { ...dependencies(store), index }));
  return verified.ok ? ok(verified.value) : verified;
}

function finish<T>(steps: Generator<unknown, T, undefined>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}
