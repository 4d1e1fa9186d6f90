/** Headers that are kept below the last final one, for proofs about blocks of the recent past. */
export const HEADERS_KEPT = 4_096;

/** Headers of a branch that is lighter than the best one so far: more than a server sends at a time, several times. */
export const SIDE_HEADERS_MAX = 16_384;

/** Final headers whose certificates are kept, to find two that contradict each other. */
export const CERTIFICATES_KEPT = 64;

/** Sets of validators that are kept: the newest ones. */
export const SETS_KEPT = 16;

/** Sets that one update proves: that of the next epoch and the one after. */
export const SETS_PER_UPDATE_MAX = 2;

/** How far ahead of the clock a header may be; as in a full node, what clocks set by NTP never reach. */
export const FUTURE_DRIFT_MS_MAX = 15_000;
