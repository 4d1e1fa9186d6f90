import { MEMPOOL_BYTES_MAX } from '../mempool/limits.ts';

/**
 * Limits of what waits for its signatures. They are this node's policy; what is over them is refused by `node/busy`.
 */

/** Transactions: half a second of checks on two cores. */
export const INTAKE_TRANSACTIONS_MAX = 20_000;

/** Bytes of these transactions: more than the pool may hold need not wait to enter it. */
export const INTAKE_TRANSACTION_BYTES_MAX = MEMPOOL_BYTES_MAX;

/** Blocks. */
export const INTAKE_BLOCKS_MAX = 64;

/** Bytes of these blocks: four of the largest, or some hundred of 5,000 transfers. */
export const INTAKE_BLOCK_BYTES_MAX = 134_217_728;

/**
 * Bytes of packed signature checks that the compute port can have at a time. A check is packed into 128 bytes and its
 * signature alone takes 64 in the transaction, so it is twice what may wait.
 */
export const SIGNATURE_RECORD_BYTES_MAX = 2 * (INTAKE_TRANSACTION_BYTES_MAX + INTAKE_BLOCK_BYTES_MAX);

/**
 * Batches that wait for the disk at which no further block is imported or made: a disk that stands still for a while
 * costs time, and neither memory without bound nor the node (see `pendingCommitsMax` of the store).
 */
export const COMMITS_WAITING_MAX = 256;

/** Bytes of these batches at which the same holds: some twenty blocks of 5,000 transfers. */
export const COMMIT_BYTES_WAITING_MAX = 67_108_864;

/**
 * Blocks whose indexes and checkpoint slices are not done at which this node makes no further one. A block of others is
 * imported only when nothing is left, so these are the blocks that the history may miss after a power cut, beside those
 * of one update of the chain.
 */
export const BACKLOG_BLOCKS_MAX = 4;

/** Checked transactions that are remembered: the largest pool, and as many again that have just left it. */
export const CHECKED_TRANSACTIONS_MAX = 262_144;
