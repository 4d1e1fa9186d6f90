import { type Address, addressOf } from '@calin/core/primitives/address.ts';
import type { Lock } from '@calin/core/primitives/lock.ts';
import { sortKeys } from '@calin/core/primitives/locks/key-set.ts';
import type { ChainSize } from './chain-size.ts';
import { type BenchKey, createKey, OWNERS, signFast } from './keys.ts';

/** Keys of a lock that several own, and how many of them sign. */
const COMMITTEE = 16;
const THRESHOLD = 8;

/** Somebody who owns coins of a test chain. */
export interface Owner {
  readonly lock: Lock;
  readonly address: Address;
  /** Positions in the lock of the keys that sign. */
  readonly signers: readonly number[];
  /** A signature of each of them. */
  sign(message: Uint8Array): readonly Uint8Array[];
}

/** Owner number `n` of the chain of a size; the same one in every run. */
export function createOwner({ multisig }: Pick<ChainSize, 'multisig'>, n: number): Owner {
  return multisig === true ? createCommittee(n) : ownerOf([createKey(n)], 1);
}

/** All owners of the chain of a size. */
export function createOwners(size: Pick<ChainSize, 'multisig'>): readonly Owner[] {
  return Array.from({ length: OWNERS }, (_, n) => createOwner(size, n));
}

function createCommittee(n: number): Owner {
  return ownerOf(
    Array.from({ length: COMMITTEE }, (_, i) => createKey((n + i) % OWNERS)),
    THRESHOLD,
  );
}

function ownerOf(keys: readonly BenchKey[], threshold: number): Owner {
  const publicKeys = sortKeys(keys.map(({ publicKey }) => publicKey));
  const sorted = publicKeys.map((publicKey) => keys.find((key) => key.publicKey === publicKey) as BenchKey);
  const [single] = publicKeys as [Uint8Array];
  const lock: Lock =
    keys.length === 1 ? { kind: 'key', publicKey: single } : { kind: 'multisig', threshold, publicKeys };
  const signing = sorted.slice(0, threshold);
  return {
    lock,
    address: addressOf(lock),
    signers: signing.map((_, i) => i),
    sign: (message) => signing.map((key) => signFast(message, key)),
  };
}
