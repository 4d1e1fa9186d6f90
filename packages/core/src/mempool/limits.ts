/**
 * Limits of the pool. They are this node's policy, not rules of the chain: two nodes may differ. Where Bitcoin Core
 * has the same limit, its value is kept, because wallets and attacks have been measured against it.
 */

/** Bytes of all encoded transactions: several of the largest blocks, so that a burst waits instead of being lost. */
export const MEMPOOL_BYTES_MAX = 67_108_864;

/**
 * Transactions in the pool. Small ones cost far more memory as objects than as bytes (about 4 KB each, measured
 * with one input and two outputs), so bytes alone would not bound the heap: this is about 0.4 GB.
 */
export const MEMPOOL_COUNT_MAX = 100_000;

/** Age at which a transaction leaves. A day of blocks has not wanted it; who still does sends it again. */
export const MEMPOOL_AGE_MS_MAX = 86_400_000;

/**
 * Transactions among which one stands with all it builds on, itself included, and likewise with all that builds on
 * it. Bounds what adding, removing or replacing one can cost. DEFAULT_ANCESTOR_LIMIT and DEFAULT_DESCENDANT_LIMIT
 * of Bitcoin Core (policy/policy.h).
 */
export const PACKAGE_COUNT_MAX = 25;

/**
 * Bytes of the same. A transaction that stands alone may be as large as the chain allows.
 * DEFAULT_ANCESTOR_SIZE_LIMIT_KVB of Bitcoin Core.
 */
export const PACKAGE_BYTES_MAX = 101_000;

/** Transactions that one may replace. MAX_REPLACEMENT_CANDIDATES of Bitcoin Core (policy/rbf.h), rule 5 of BIP-125. */
export const REPLACED_MAX = 100;

/**
 * Time in which the minimum fee rate falls by half after an eviction. Bitcoin Core takes 12 hours, 72 of its blocks
 * (ROLLING_FEE_HALFLIFE); blocks here take seconds, and the base fee prices a lasting rush.
 */
export const MINIMUM_HALF_LIFE_MS = 600_000;

/** Blocks into the future for which a fee is estimated. The present pool says nothing about later ones. */
export const ESTIMATE_BLOCKS_MAX = 25;

/**
 * An estimate is used again until the pool has taken this share of its size anew (1 / 32): so asking for estimates
 * costs a walk through the pool only as often as somebody has paid for filling it.
 */
export const ESTIMATE_REUSE_SHARE = 32;

/**
 * A pool that would fill at most this share of a block (1 / 2) goes into the next one as it is, in no order by fee.
 * What a block holds beside the transactions of the pool is far less than the other half.
 */
export const ROOMY_SHARE = 2;
