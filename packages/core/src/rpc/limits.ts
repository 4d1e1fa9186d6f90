import { SIGNATURE_BYTES } from '../crypto/signature.ts';
import { VALIDATORS_MAX } from '../primitives/limits.ts';

/** Bytes of a request: 1,000 ordinary transfers in hex (496 characters each) fit four times. */
export const REQUEST_BYTES_MAX = 2_097_152;

/**
 * Transactions in one bundle: enough that the cost of the exchange vanishes beside that of the transactions, and few
 * enough that reading them, or taking them into the pool, holds up the node's thread for some 20 ms at most.
 */
export const BUNDLE_TRANSACTIONS_MAX = 2048;

/** Requests in one batch. */
export const BATCH_MAX = 100;

/** Nesting of arrays and objects in a request: the deepest one that a method takes, with its batch, has five. */
export const REQUEST_DEPTH_MAX = 32;

/**
 * Characters that the answers of one batch may add up to; what follows is refused by `rpc/response-too-large`. A
 * short request must not make the node build gigabytes.
 */
export const RESPONSE_CHARACTERS_MAX = 33_554_432;

/** Bytes of the largest block that is shown with full transactions: as JSON it is about five times as long. */
export const FULL_BLOCK_BYTES_MAX = 4_194_304;

/** Subscriptions of one connection. */
export const SUBSCRIPTIONS_MAX = 64;

/** Blocks, and transactions in them, that a subscription tells again: some 50 ms of reading, and 1 MiB of ids. */
export const RESUME_BLOCKS_MAX = 256;
/** See {@link RESUME_BLOCKS_MAX}. */
export const RESUME_TRANSACTIONS_MAX = 16_384;

/**
 * Headers in one answer, and their bytes. Each is read and hashed again, which holds up the node's thread for some
 * 20 ms in all.
 */
export const HEADERS_MAX = 512;
/** Side blocks in one answer: more than a chain has in a day of bad luck. */
export const SIDES_MAX = 500;
/** See {@link HEADERS_MAX}. One header of the largest seal fits. */
export const HEADERS_BYTES_MAX = 1_048_576;

/** Bytes of the longest certificate of finality: a link, a bit for each of 1,024 members, and their signatures. */
export const CERTIFICATE_BYTES_MAX = 80 + 4 + VALIDATORS_MAX / 8 + VALIDATORS_MAX * SIGNATURE_BYTES;

/** Heights at which one call looks for a certificate. */
export const CERTIFICATE_LOOKUPS_MAX = 1_024;

/** Sets of validators that one call proves. */
export const SETS_PROVED_MAX = 2;
