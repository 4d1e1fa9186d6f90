import { equalBytes, toHex } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import { type Address, keyAddress } from '../../primitives/address.ts';
import { epochOfHeight, type ValidatorSet, type ValidatorView } from '../../primitives/validator-set.ts';
import type { ProducerIdentity } from '../engine.ts';
import { refuseConsensus } from '../rules.ts';

/** Those who may make blocks, found by the address that headers name. */
export interface Members {
  /** In the order of the set. */
  readonly identities: readonly ProducerIdentity[];
  /** The position of who has an address, or undefined. */
  positionOf(address: Address): number | undefined;
}

/** Worked out once for each set: it takes a hash for each member. */
const known = new WeakMap<ValidatorSet, Members>();

/** The members of a set as producers. */
export function membersOf(set: ValidatorSet): Members {
  let members = known.get(set);
  if (members === undefined) {
    members = membersWithKeys(set.members.map(({ publicKey }) => publicKey));
    known.set(set, members);
  }
  return members;
}

/** Producers with these keys, in this order. */
export function membersWithKeys(keys: readonly PublicKey[]): Members {
  const identities = keys.map((publicKey) => ({ publicKey, address: keyAddress(publicKey) }));
  const positions = new Map(identities.map(({ address }, i) => [toHex(address), i]));
  return { identities, positionOf: (address) => positions.get(toHex(address)) };
}

/** The position of a key that makes blocks under its own address, or undefined. */
export function positionOfIdentity(
  members: Members,
  { publicKey, address }: ProducerIdentity,
): number | undefined {
  const position = members.positionOf(address);
  const member = position === undefined ? undefined : members.identities[position];
  return member !== undefined && equalBytes(member.publicKey, publicKey) ? position : undefined;
}

/** The set that a height is made by. Refuses by `consensus/validators-unknown`. */
export function setAt(height: number, epochBlocks: number, validators: ValidatorView): Result<ValidatorSet> {
  const epoch = epochOfHeight(height, epochBlocks);
  const set = validators.at(epoch);
  return set === undefined ? refuseConsensus('consensus/validators-unknown', { epoch }) : ok(set);
}
