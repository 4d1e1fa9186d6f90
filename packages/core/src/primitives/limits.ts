/**
 * Hard limits of the encodings, equal on every chain, so that a parser can refuse before it reads. A chain's spec
 * sets lower ones (spec.limits).
 */

/** Inputs, outputs and witnesses are counted by one byte each. */
export const INPUTS_MAX = 255;
/** See {@link INPUTS_MAX}. */
export const OUTPUTS_MAX = 255;
/** See {@link INPUTS_MAX}. */
export const WITNESSES_MAX = 255;

/** Actions of one transaction. A handful covers every use; the bound keeps checking linear and short. */
export const ACTIONS_MAX = 16;

/** Bytes of one transaction: room for a contract's code, small against a block. */
export const TRANSACTION_BYTES_MAX = 1_048_576;

/** Bytes of one block: what a slow link can carry and a node can hold several times over. */
export const BLOCK_BYTES_MAX = 33_554_432;

/** Bytes of a seal: a signature or a proof now, a set of votes from 4,000 nodes at most. */
export const SEAL_BYTES_MAX = 524_288;

/** Keys of one multisig or guardian set; n signatures cost n checks, so the set stays small. */
export const LOCK_KEYS_MAX = 16;

/** Validators of one epoch: a certificate with a signature of each stays below 70 KB, and is checked in a moment. */
export const VALIDATORS_MAX = 1_024;

/** Missed turns that a block can tell of. After a longer silence, whose those were is known to all. */
export const MISSED_MAX = 64;
