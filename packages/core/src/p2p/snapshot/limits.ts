/** What joining by a snapshot, and helping others to, may cost this node. Policy: nodes may have other values. */
export interface SnapshotLimits {
  /** A chain that is shorter is taken block by block: that is as quick. */
  readonly blocksMin: number;
  /** How long a node that wants a snapshot waits for somebody who has a chain to show. */
  readonly lookMs: number;
  /** How long a node with peers goes on without getting any further, before it takes the chain block by block. */
  readonly stuckMs: number;
  /** Answers that do not come in this time are asked for elsewhere. */
  readonly headersTimeoutMs: number;
  readonly outlineTimeoutMs: number;
  /** How long an outline may take before another peer is asked too. */
  readonly outlineSlowMs: number;
  readonly chunkTimeoutMs: number;
  readonly blocksTimeoutMs: number;
  /** Chunks asked of one peer, and of all, at a time. */
  readonly peerChunksMax: number;
  readonly chunksMax: number;
  /** Answers in a row that a peer may owe before it is not asked any more. */
  readonly failuresMax: number;
  /** How long to wait when nobody has what is wanted. */
  readonly retryMs: number;
  /** Blocks of the past that were asked for or wait for the one before them, and bytes of those that wait. */
  readonly pastBlocksMax: number;
  readonly pastBytesMax: number;
  /** Blocks of the past that are asked for in a second, in the long run, and at once. */
  readonly pastBlocksPerSecond: number;
  readonly pastBlocksBurst: number;
  /** Requests for blocks of the past at a time, to all peers together. */
  readonly pastRequestsMax: number;
  /** Requests of one peer that wait for their turn here. */
  readonly requestsMax: number;
  /** What one peer, and all of them together, are given: bytes a second, and at once. */
  readonly peerBytesPerSecond: number;
  readonly peerBytesBurst: number;
  readonly bytesPerSecond: number;
  readonly bytesBurst: number;
  /** Bytes read in one step, so that others have their turn, and pieces of an outline that are made. */
  readonly stepBytes: number;
  readonly stepPieces: number;
}

const MIB = 1024 * 1024;

/**
 * What nodes use. Blocks: executing 1,000 of them takes seconds. An outline of 10,000 pieces takes its maker 20 s, so
 * the timeout leaves room for several at once. Chunks: 8 of 256 KiB from each peer keep a link of 1 Gbit/s busy over
 * 15 ms. Past: 64 MiB are two of the largest blocks and fifty usual ones; 500 blocks a second are half of what a peer
 * may send ({@link BUDGETS}). Serving stays below what may wait to be sent,
 * and leaves most of a fast link to blocks.
 */
export const SNAPSHOT_LIMITS: SnapshotLimits = {
  blocksMin: 1_000,
  lookMs: 10_000,
  stuckMs: 300_000,
  headersTimeoutMs: 10_000,
  outlineTimeoutMs: 120_000,
  outlineSlowMs: 5_000,
  chunkTimeoutMs: 20_000,
  blocksTimeoutMs: 30_000,
  peerChunksMax: 8,
  chunksMax: 64,
  failuresMax: 3,
  retryMs: 5_000,
  pastBlocksMax: 64,
  pastBytesMax: 64 * MIB,
  pastBlocksPerSecond: 500,
  pastBlocksBurst: 500,
  pastRequestsMax: 4,
  requestsMax: 16,
  peerBytesPerSecond: 16 * MIB,
  peerBytesBurst: 8 * MIB,
  bytesPerSecond: 64 * MIB,
  bytesBurst: 32 * MIB,
  stepBytes: MIB,
  stepPieces: 2,
};
