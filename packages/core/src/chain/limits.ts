import { TURN_WORK } from '../ledger/turn-work.ts';

/** What a chain may hold in memory and keep beside its best branch. */
export interface ChainLimits {
  /** Blocks on branches that are not the best one; at most {@link SIDE_BLOCKS_LIMIT}. */
  readonly sideBlocksMax: number;
  /** Blocks that wait for their parent, and their bytes in all. */
  readonly orphanBlocksMax: number;
  readonly orphanBytesMax: number;
  /** Ids of blocks known to be invalid. */
  readonly invalidBlocksMax: number;
  /** Ids of headers that were found good before their blocks came. */
  readonly checkedHeadersMax: number;
  /** States of recent blocks that are kept, and the changes between them in all. */
  readonly recentStatesMax: number;
  readonly recentChangesMax: number;
  /** Chunks in one batch of a checkpoint: short steps, with other batches in between. */
  readonly checkpointChunksPerBatch: number;
  /** Blocks over which a checkpoint is written: what they change is kept in memory until it is whole. */
  readonly checkpointSpreadBlocks: number;
  /** Blocks behind the head up to which a state is held until votes make its block final; then it is written anyway. */
  readonly checkpointHeldBlocks: number;
  /** Work of one piece of a block that is executed ahead; see {@link TurnWork}. */
  readonly turnWork: number;
  /** Undo records that are kept below the last final block, for states of the recent past. */
  readonly undoBlocks: number;
  /** Heights at which one batch deletes blocks or undo records. */
  readonly prunedBlocksPerBatch: number;
  /** How far back one request for an old state goes: blocks, and bytes of their undo records. */
  readonly historicBlocksMax: number;
  readonly historicUndoBytesMax: number;
  /** Bytes of undo records between the states that are kept and the oldest one that is made; more in an archive. */
  readonly historicBytesMax: number;
  readonly historicArchiveBytesMax: number;
  /** How far ahead of this node's clock a block's time may be; less where the production says so. */
  readonly futureDriftMsMax: number;
}

/** The most that {@link ChainLimits.sideBlocksMax} may be, which bounds the list in the store. */
export const SIDE_BLOCKS_LIMIT = 65_536;

/**
 * What nodes use unless they are told otherwise. Side blocks: several full reorganisations of 100 blocks. Orphans: a
 * burst that arrives out of order. Headers: more than a download has ahead of its blocks. States: proofs for the last
 * blocks; a change to a state of a million coins copies about 20 tree nodes of some 150 bytes, so 100,000 of them stay
 * near 300 MB in the worst case. Checkpoints: 2 MiB a batch, and several batches for each block of a state above 128
 * MiB; votes that do not come in the time of 1,024 blocks may not come for long. Undo: 256 blocks of 5,000 transfers
 * are 200 MB of disk. Pruning: deletes of 256 heights add about a millisecond to a commit. Historic: 256 KiB of undo
 * records are the changes of 1,700 transfers. 32 MiB are those of 220,000, which a coin map goes through in about half
 * a second, and as long back for the next block; an archive, which is there to be asked, goes as far as 512 MiB, in
 * that much memory. Drift: what clocks set by NTP never reach.
 */
export const CHAIN_LIMITS: ChainLimits = {
  sideBlocksMax: 1_024,
  orphanBlocksMax: 128,
  orphanBytesMax: 67_108_864,
  invalidBlocksMax: 1_024,
  checkedHeadersMax: 16_384,
  recentStatesMax: 128,
  recentChangesMax: 100_000,
  checkpointChunksPerBatch: 8,
  checkpointSpreadBlocks: 64,
  checkpointHeldBlocks: 1_024,
  turnWork: TURN_WORK,
  undoBlocks: 256,
  prunedBlocksPerBatch: 256,
  historicBlocksMax: 64,
  historicUndoBytesMax: 262_144,
  historicBytesMax: 33_554_432,
  historicArchiveBytesMax: 536_870_912,
  futureDriftMsMax: 15_000,
};
