import { assert } from '../base/assert.ts';
import { compareBytes } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { Hash } from '../crypto/hash.ts';
import { PUBLIC_KEY_BYTES, type PublicKey } from '../crypto/signature.ts';
import { VALIDATORS_MAX } from './limits.ts';

/** Somebody whose votes and turns count. */
export interface Validator {
  readonly publicKey: PublicKey;
  /** Stake in hugs, or 1 where all count the same. At least 1. */
  readonly weight: number;
}

/**
 * Who votes and makes blocks in one epoch. Layout: epoch u32, number of members u32, seed 32, then for each member
 * public key 32 and weight u64. That each key is a strong one (`isStrongPublicKey`) is checked where keys come in: by
 * the genesis file and by the ledger, which writes the sets.
 */
export interface ValidatorSet {
  readonly epoch: number;
  /**
   * 1 to {@link VALIDATORS_MAX}, distinct, ascending by key, the sum of their weights at most 2^53 − 1. The position of
   * a member is its bit in a bitmap of signers.
   */
  readonly members: readonly Validator[];
  /** What turns and lotteries of the epoch are drawn from. */
  readonly seed: Hash;
}

/** The sets of a branch, as far as its state holds them. */
export interface ValidatorView {
  /** Undefined for an epoch that is not decided yet, or so long ago that its set is deleted. */
  at(epoch: number): ValidatorSet | undefined;
}

/** The view of a chain without validators. */
export const NO_VALIDATORS: ValidatorView = { at: () => undefined };

/** Bytes before the members of an encoded set. */
const HEAD_BYTES = 40;
/** Bytes of an encoded member. */
const MEMBER_BYTES = PUBLIC_KEY_BYTES + 8;

/** Bytes of the largest encoded set. */
export const VALIDATOR_SET_BYTES_MAX = HEAD_BYTES + MEMBER_BYTES * VALIDATORS_MAX;

/** Puts members into the one order in which a set holds them. */
export function sortValidators(members: readonly Validator[]): readonly Validator[] {
  return members.toSorted((a, b) => compareBytes(a.publicKey, b.publicKey));
}

/**
 * The bytes of a set.
 *
 * @throws AssertionError when it is not one; see {@link ValidatorSet.members}
 */
export function encodeValidatorSet({ epoch, members, seed }: ValidatorSet): Uint8Array {
  assert(members.length >= 1 && members.length <= VALIDATORS_MAX, `${members.length} validators`);
  assert(isAscending(members), 'validators are not distinct and ascending');
  assert(sumIsSafe(members), 'a weight below 1, or a sum of weights above 2^53 − 1');
  const writer = new Writer(HEAD_BYTES + MEMBER_BYTES * members.length);
  writer.u32(epoch).u32(members.length).hash(seed);
  for (const { publicKey, weight } of members) writer.hash(publicKey).u53(weight);
  return writer.finish();
}

/** Reads exactly one set. */
export function parseValidatorSet(bytes: Uint8Array): Result<ValidatorSet> {
  const reader = new Reader(bytes);
  const epoch = reader.u32();
  const count = reader.count(reader.u32(), VALIDATORS_MAX, MEMBER_BYTES);
  const seed = reader.hash();
  const members = Array.from({ length: count }, (): Validator => {
    const publicKey = reader.hash();
    return { publicKey, weight: reader.u53() };
  });
  reader.canonical(members.length > 0, 'a set has a member');
  reader.canonical(isAscending(members), 'validators are distinct and ascending');
  reader.canonical(sumIsSafe(members), 'weights are at least 1 and their sum at most 2^53 − 1');
  return reader.finish({ epoch, members, seed });
}

/**
 * Reads a set that this program wrote.
 *
 * @throws AssertionError when it is malformed
 */
export function decodeValidatorSet(bytes: Uint8Array): ValidatorSet {
  const parsed = parseValidatorSet(bytes);
  assert(parsed.ok, 'a malformed validator set');
  return parsed.value;
}

/** The sum of the weights. */
export function totalWeight(set: ValidatorSet): number {
  let total = 0;
  for (const { weight } of set.members) total += weight;
  return total;
}

/**
 * The smallest weight that is more than two thirds of the whole. Two quorums share more than a third, so as long as
 * those who break the rules weigh less than a third, somebody honest stands in both.
 */
export function quorumWeight(set: ValidatorSet): number {
  const total = totalWeight(set);
  return total - faultyWeight(total);
}

/**
 * The smallest weight that must hold somebody honest while quorums can be had at all: one more than
 * ⌊(total − 1) / 3⌋, the most that may break the rules.
 */
export function honestWeight(set: ValidatorSet): number {
  return faultyWeight(totalWeight(set)) + 1;
}

/** The most that may break the rules: less than a third. */
function faultyWeight(total: number): number {
  return Math.floor((total - 1) / 3);
}

/** The position of a key among the members, or undefined. */
export function validatorIndex(set: ValidatorSet, publicKey: PublicKey): number | undefined {
  let [low, high] = [0, set.members.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareBytes((set.members[middle] as Validator).publicKey, publicKey);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

/**
 * The epoch of a height: blocks 1 to `epochBlocks` make epoch 0. The genesis block counts to it too.
 *
 * @param epochBlocks - at least 1
 */
export function epochOfHeight(height: number, epochBlocks: number): number {
  return Math.floor(Math.max(0, height - 1) / epochBlocks);
}

/** The first height of an epoch. */
export function epochStart(epoch: number, epochBlocks: number): number {
  return epoch * epochBlocks + 1;
}

function isAscending(members: readonly Validator[]): boolean {
  return members.every(
    ({ publicKey }, i) => i === 0 || compareBytes((members[i - 1] as Validator).publicKey, publicKey) < 0,
  );
}

/** Each weight is at most 2^53 − 1, so no step of the sum is rounded before it is compared. */
function sumIsSafe(members: readonly Validator[]): boolean {
  let left = Number.MAX_SAFE_INTEGER;
  for (const { weight } of members) {
    if (!Number.isSafeInteger(weight) || weight < 1 || weight > left) return false;
    left -= weight;
  }
  return true;
}
