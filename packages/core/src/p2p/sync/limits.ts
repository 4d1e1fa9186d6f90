/** What syncing may cost this node. Policy: nodes with other values understand one another. */
export interface SyncLimits {
  /** Headers asked for at once; the seals of one answer are checked in one go. */
  readonly headersPerRequest: number;
  /** Headers that are kept ahead of their blocks, on all branches together, and their bytes. */
  readonly pendingHeadersMax: number;
  readonly pendingHeaderBytesMax: number;
  /** Of these, how many the branch that is being downloaded may take; what is left is for others to show theirs. */
  readonly targetHeadersMax: number;
  /** Requests for headers at a time. A second one goes out only when the first is slow. */
  readonly headersInFlightMax: number;
  readonly headersSlowMs: number;
  readonly headersTimeoutMs: number;
  /** How long a peer whose headers led nowhere is not asked for more. */
  readonly deferMs: number;
  /** How long a new block may take to come by relay before it is asked for. */
  readonly relayGraceMs: number;
  /** A head this far ahead at most may come by relay. */
  readonly relayBlocksMax: number;
  /** Blocks ahead of the head that are asked for. */
  readonly windowBlocksMax: number;
  /** Bytes of blocks that were asked for or are waiting to be imported. */
  readonly bodyBytesMax: number;
  /** Blocks, and their bytes, that one peer is asked for at a time. */
  readonly peerBlocksMax: number;
  readonly peerBytesMax: number;
  /** How much one peer is asked for at a time: what it gives in this time. */
  readonly peerWindowMs: number;
  /** A peer that sends no block for this long, beside the time a slow link takes, has failed. */
  readonly bodyTimeoutMs: number;
  /** The slowest link that is waited for, in bytes per millisecond. */
  readonly bodyRateMin: number;
  /** How long the next block may be late before another peer is asked too. */
  readonly stallMs: number;
  /** How long a peer that held up the download is only asked when nobody else can be. */
  readonly slowPeerMs: number;
  /** Failures in a row after which a peer is left. */
  readonly failuresMax: number;
  /** How long a branch whose next block nobody gives is kept. */
  readonly starveMs: number;
  /** Blocks, and their bytes, that are handed to the node ahead of their turn. */
  readonly feedBlocksMax: number;
  readonly feedBytesMax: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * What nodes use. Headers: 512 have 130 KB and take 25 ms to check at 50 µs a seal. Pending: as many as 4,096 of some
 * 500 bytes; a chain gives up on a reorganisation of more than 1,024 blocks, so that many are enough to show a heavier
 * branch. Bodies: 64 MiB are 50 blocks of 5,000 transfers; 16 MiB from one peer are what a link of 1 Gbit/s carries in
 * 130 ms. The slowest link gives 64 KiB a second. The node checks the signatures of what it was handed while it
 * executes the block before, so a few blocks keep both of its hands busy.
 */
export const SYNC_LIMITS: SyncLimits = {
  headersPerRequest: 512,
  pendingHeadersMax: 4_096,
  pendingHeaderBytesMax: 32 * MIB,
  targetHeadersMax: 3_072,
  headersInFlightMax: 3,
  headersSlowMs: 2_000,
  headersTimeoutMs: 10_000,
  deferMs: 60_000,
  relayGraceMs: 2_000,
  relayBlocksMax: 2,
  windowBlocksMax: 1_024,
  bodyBytesMax: 64 * MIB,
  peerBlocksMax: 128,
  peerBytesMax: 16 * MIB,
  peerWindowMs: 2_000,
  bodyTimeoutMs: 10_000,
  bodyRateMin: 64,
  stallMs: 2_000,
  slowPeerMs: 60_000,
  failuresMax: 3,
  starveMs: 30_000,
  feedBlocksMax: 16,
  feedBytesMax: 32 * MIB,
};

/** What giving headers and blocks to others may cost this node. */
export interface ServeLimits {
  /** Requests of one peer that wait, and blocks they name. */
  readonly requestsMax: number;
  readonly blocksMax: number;
  /** What one peer, and all of them together, are given: bytes a second, and at once. */
  readonly peerBytesPerSecond: number;
  readonly peerBytesBurst: number;
  readonly bytesPerSecond: number;
  readonly bytesBurst: number;
  /** Bytes read in one step, so that others have their turn. */
  readonly stepBytes: number;
}

/**
 * What nodes use. A peer that imports as fast as it can takes 40 MB a second; the burst stays below what may wait to be
 * sent ({@link SEND_QUEUE_BYTES_MAX}), or a peer on a slow link would be closed for asking.
 */
export const SERVE_LIMITS: ServeLimits = {
  requestsMax: 8,
  blocksMax: 256,
  peerBytesPerSecond: 64 * MIB,
  peerBytesBurst: 16 * MIB,
  bytesPerSecond: 256 * MIB,
  bytesBurst: 64 * MIB,
  stepBytes: 4 * MIB,
};

/**
 * Bytes of headers after which an answer ends. Part of the protocol: an answer with fewer headers than asked for, and
 * fewer bytes than this, says that there are no more.
 */
export const HEADERS_ANSWER_BYTES = 512 * KIB;
