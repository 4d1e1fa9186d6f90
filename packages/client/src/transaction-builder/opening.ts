import type { Amount } from '@calin/core/base/amount.ts';
import { assert } from '@calin/core/base/assert.ts';
import { Writer } from '@calin/core/codec/writer.ts';
import { SIGNATURE_BYTES } from '@calin/core/crypto/signature.ts';
import { addressOf } from '@calin/core/primitives/address.ts';
import { type Lock, spendPaths, writeLock } from '@calin/core/primitives/lock.ts';
import { PREIMAGE_BYTES } from '@calin/core/primitives/locks/htlc.ts';
import type { SpendPath } from '@calin/core/primitives/locks/spend-path.ts';
import type { Outpoint } from '@calin/core/primitives/outpoint.ts';
import type { AssetId } from '@calin/core/primitives/output.ts';
import { bytesName } from './bytes-name.ts';

/** How a lock is going to be opened. Who signs is open: any of the path's keys, as many as its threshold. */
export interface Opening {
  readonly lock: Lock;
  /** Position in spendPaths of the lock. */
  readonly path: number;
  /** The secret, where the path asks for one; may be added later (see addPreimage). */
  readonly preimage?: Uint8Array | undefined;
}

/** A coin that a wallet may spend. Whether it is old enough and its lock open is for the caller to know. */
export interface SpendableCoin {
  readonly outpoint: Outpoint;
  readonly asset: AssetId;
  readonly amount: Amount;
  readonly opening: Opening;
}

/**
 * The path that an opening takes.
 *
 * @throws AssertionError when its lock has no such path
 */
export function openingPath({ lock, path }: Opening): SpendPath {
  const taken = spendPaths(lock)[path];
  assert(taken !== undefined, `a ${lock.kind} lock has no path ${path}`);
  return taken;
}

/** The address of an opening's lock, as a map key. */
export function openingName({ lock }: Opening): string {
  return bytesName(addressOf(lock));
}

/** Bytes of the witness that the opening becomes: known beforehand, since the path says how many keys sign. */
export function witnessBytes(opening: Opening): number {
  const { threshold, condition } = openingPath(opening);
  const writer = new Writer(64);
  writeLock(writer, opening.lock);
  const preimage = condition.kind === 'preimage' ? PREIMAGE_BYTES : 0;
  return WITNESS_HEAD_BYTES + writer.length + preimage + threshold * SIGNATURE_BYTES;
}

/** Path u8, zero u8, signers u16; see witness.ts of core. */
const WITNESS_HEAD_BYTES = 4;
