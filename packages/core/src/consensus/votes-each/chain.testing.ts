import type { Hash } from '../../crypto/hash.ts';

/** The chain of all schedules and of the votes in tests. */
export const CHAIN_ID: Hash = new Uint8Array(32).fill(0xc1);
