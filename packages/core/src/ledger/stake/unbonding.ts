import type { Amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Address } from '../../primitives/address.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import type { Overlay, StateView } from '../../state/view.ts';
import type { Liability } from './convictions.ts';
import { UNBONDINGS_MAX } from './limits.ts';
import { plus } from './share-math.ts';

/** Stake that has left a pool and rests. */
export interface Unbonding extends Liability {
  readonly validator: PublicKey;
  /** Hugs when it left; what convictions since then cost is taken off when it is withdrawn. */
  readonly amount: Amount;
}

/**
 * What rests for an owner, oldest first. Record: number u8, then for each public key 32, epoch u32, convictions u8,
 * amount u64.
 */
export function readUnbondings(view: StateView, owner: Address): readonly Unbonding[] {
  const value = view.value(NAMESPACE.unbonding, owner);
  if (value === undefined) return [];
  const reader = new Reader(value);
  const count = reader.count(reader.u8(), UNBONDINGS_MAX, 45);
  const entries = Array.from(
    { length: count },
    (): Unbonding => ({
      validator: reader.hash(),
      epoch: reader.u32(),
      convictions: reader.u8(),
      amount: reader.u53() as Amount,
    }),
  );
  const unbondings = reader.finish(entries);
  assert(unbondings.ok, 'malformed unbonding record');
  return unbondings.value;
}

/** Sets what rests for an owner, or deletes the record when nothing does. */
export function writeUnbondings(overlay: Overlay, owner: Address, entries: readonly Unbonding[]): void {
  if (entries.length === 0) return overlay.deleteValue(NAMESPACE.unbonding, owner);
  assert(entries.length <= UNBONDINGS_MAX, 'too much rests for one owner');
  const writer = new Writer(1 + 45 * entries.length).u8(entries.length);
  for (const { validator, epoch, convictions, amount } of entries) {
    writer.hash(validator).u32(epoch).u8(convictions).u53(amount);
  }
  overlay.setValue(NAMESPACE.unbonding, owner, writer.finish());
}

/** The entries with one more, joined with one that is liable for the same; undefined when there are too many. */
export function addUnbonding(
  entries: readonly Unbonding[],
  added: Unbonding,
): readonly Unbonding[] | undefined {
  const at = entries.findIndex(
    ({ validator, epoch, convictions }) =>
      equalBytes(validator, added.validator) && epoch === added.epoch && convictions === added.convictions,
  );
  const same = entries[at];
  if (same !== undefined) return entries.with(at, { ...same, amount: plus(same.amount, added.amount) });
  return entries.length < UNBONDINGS_MAX ? [...entries, added] : undefined;
}
