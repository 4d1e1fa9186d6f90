import { type Amount, amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { concatBytes } from '../../base/bytes.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Address } from '../../primitives/address.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import type { Overlay, StateView } from '../../state/view.ts';
import type { Liability } from './convictions.ts';
import { TIES_MAX } from './limits.ts';

/**
 * What one owner has in one pool. Record: shares u64, number of ties u8, then for each tie public key 32, epoch u32,
 * convictions u8, shares u64.
 */
export interface Delegation {
  readonly shares: Amount;
  /** Parts of the shares that came from other pools and still answer for them; at most {@link TIES_MAX}. */
  readonly ties: readonly Tie[];
}

/** Shares that were moved here from another validator, whose offences until then they still answer for. */
export interface Tie extends Liability {
  readonly from: PublicKey;
  readonly shares: Amount;
}

const NONE: Delegation = { shares: amount(0), ties: [] };

/** The storage key of a delegation. */
export function delegationKey(owner: Address, validator: PublicKey): Uint8Array {
  return concatBytes(owner, validator);
}

/** What an owner has in a pool; no shares when it has nothing. */
export function readDelegation(view: StateView, owner: Address, validator: PublicKey): Delegation {
  const value = view.value(NAMESPACE.delegation, delegationKey(owner, validator));
  if (value === undefined) return NONE;
  const reader = new Reader(value);
  const shares = reader.u53() as Amount;
  const count = reader.count(reader.u8(), TIES_MAX, 45);
  const ties = Array.from(
    { length: count },
    (): Tie => ({
      from: reader.hash(),
      epoch: reader.u32(),
      convictions: reader.u8(),
      shares: reader.u53() as Amount,
    }),
  );
  const delegation = reader.finish({ shares, ties });
  assert(delegation.ok, 'malformed delegation record');
  return delegation.value;
}

/** Sets what an owner has in a pool, or deletes the record of one who has nothing. */
export function writeDelegation(
  overlay: Overlay,
  owner: Address,
  validator: PublicKey,
  { shares, ties }: Delegation,
): void {
  const key = delegationKey(owner, validator);
  if (shares === 0) return overlay.deleteValue(NAMESPACE.delegation, key);
  assert(ties.length <= TIES_MAX, 'a delegation with too many ties');
  const writer = new Writer(9 + 45 * ties.length).u53(shares).u8(ties.length);
  for (const tie of ties) writer.hash(tie.from).u32(tie.epoch).u8(tie.convictions).u53(tie.shares);
  overlay.setValue(NAMESPACE.delegation, key, writer.finish());
}

/** The shares that answer for no other pool, and so may leave. */
export function freeShares({ shares, ties }: Delegation): Amount {
  return ties.reduce((free: Amount, tie) => amount(free - tie.shares), shares);
}
