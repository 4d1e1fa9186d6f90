import type { Result } from '../base/result.ts';
import type { Consensus } from '../consensus/engine.ts';
import type { Hash } from '../crypto/hash.ts';
import type { VerifySignature } from '../crypto/signature.ts';
import type { BlockResult } from '../ledger/block-execution.ts';
import type { BlockIndex } from '../ports/block-index.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Block } from '../primitives/block.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { Kernel } from '../state/kernel.ts';
import type { WorldState } from '../state/world-state.ts';
import type { BlockTree } from './block-tree.ts';
import type { CheckedHeaders } from './checked-headers.ts';
import type { CheckpointSchedule } from './checkpoint-schedule.ts';
import type { DecidedSets } from './decided-sets.ts';
import type { ExecutedBlocks } from './executed-blocks.ts';
import type { HistoricStates } from './historic-states.ts';
import type { InvalidBlocks } from './invalid-blocks.ts';
import type { ChainLimits } from './limits.ts';
import type { Orphans } from './orphans.ts';
import type { RecentStates } from './recent-states.ts';
import type { PrunedRecord } from './records.ts';
import type { SharedBlocks } from './shared-blocks.ts';
import type { StorageMode } from './storage-mode.ts';
import type { UncommittedStore } from './uncommitted-store.ts';

/** Choices for a chain. */
export interface ChainOptions {
  readonly spec: ChainSpec;
  /** Blocks between two checkpoints of the state; 1 or more. */
  readonly checkpointBlocks: number;
  /** What is kept of final blocks. `archive` lets a development network go back to any of them. */
  readonly mode: StorageMode;
  readonly limits: ChainLimits;
}

/** What a chain works with. */
export interface ChainDependencies {
  readonly store: ReadStore;
  readonly consensus: Consensus;
  /** Checks the signatures of transactions. SIGNATURES_CHECKED when every block given has been through that. */
  readonly verify: VerifySignature;
  /** Checks seals: one for each block, so it never trusts the caller. The reference check when left out. */
  readonly verifySeal?: VerifySignature;
  /** Hashes and keeps states; the reference in TypeScript when left out. */
  readonly kernel?: Kernel;
  /** What else lives in the batches of the chain, such as the history of addresses. */
  readonly index?: BlockIndex | undefined;
  /** What chains of one process work out together; for simulators. */
  readonly shared?: SharedBlocks | undefined;
}

/** A block without its seal, with what executing it gave. */
export interface RememberedDraft {
  /** What its seal is made over; names the parent and everything else in the header. */
  readonly sealHash: Hash;
  readonly transactions: readonly Transaction[];
  readonly result: BlockResult;
}

/** A block that was executed before it is imported. */
export interface PreparedBlock {
  readonly block: Block;
  /** The state that it was executed on. */
  readonly before: WorldState;
  readonly result: Result<BlockResult>;
}

/** The inside of a chain, shared by the files of this folder. */
export interface ChainParts {
  readonly options: ChainOptions;
  readonly chainId: Hash;
  readonly genesis: Block;
  readonly consensus: Consensus;
  readonly verify: VerifySignature;
  readonly verifySeal: VerifySignature;
  readonly kernel: Kernel;
  readonly index: BlockIndex | undefined;
  readonly shared: SharedBlocks | undefined;
  readonly store: UncommittedStore;
  readonly orphans: Orphans;
  readonly invalid: InvalidBlocks;
  readonly checkedHeaders: CheckedHeaders;
  readonly decidedSets: DecidedSets;
  readonly states: RecentStates;
  readonly executed: ExecutedBlocks;
  readonly checkpoints: CheckpointSchedule;
  readonly historic: HistoricStates;
  tree: BlockTree;
  /** The head is this block or descends from it, as long as it is in the tree; see {@link Chain.prefer}. */
  anchor: Hash | undefined;
  /** The state after the head. */
  headState: WorldState;
  /** Counts the batches; see the head record. */
  sequence: number;
  /** The last block that this node has made and not sealed yet; it need not be executed again. */
  draft: RememberedDraft | undefined;
  /** What {@link Chain.prepareBlock} has worked out, until the next block is imported. */
  prepared: PreparedBlock | undefined;
  /** How far the store has been pruned. */
  pruned: PrunedRecord;
  /** Blocks up to those that are here are still to come, because the chain began with a snapshot. */
  isPastMissing: boolean;
  /** The height of the lower checkpoint when two were whole last. */
  coveredHeight: number;
  /** Keys that no longer mean anything, to be deleted with the next batch. */
  garbage: Uint8Array[];
}
