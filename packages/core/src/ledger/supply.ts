import { type Amount, addAmounts, amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import { NATIVE_ASSET } from '../primitives/output.ts';
import { NAMESPACE } from '../state/namespaces.ts';
import type { Overlay, StateView } from '../state/view.ts';
import { assetKey } from './token.ts';

/** How much of the native coin exists: all native coins together hold `issued − burned` hugs after every block. */
export interface Supply {
  /** Ever made, by allocations and rewards; never above the cap. */
  readonly issued: Amount;
  /** Ever destroyed, by base fees and burn actions; burned hugs do not come back. */
  readonly burned: Amount;
}

/** Where the record is in the namespace of supplies. */
export const NATIVE_SUPPLY_KEY = assetKey(NATIVE_ASSET);

/** The native supply of a state; both zero before the genesis block. */
export function readSupply(view: StateView): Supply {
  const value = view.value(NAMESPACE.supply, NATIVE_SUPPLY_KEY);
  return value === undefined ? { issued: amount(0), burned: amount(0) } : decodeSupply(value);
}

/**
 * Reads a record that {@link growSupply} wrote.
 *
 * @throws AssertionError when it is malformed
 */
export function decodeSupply(value: Uint8Array): Supply {
  const reader = new Reader(value);
  const parsed = reader.finish({ issued: reader.u53() as Amount, burned: reader.u53() as Amount });
  assert(parsed.ok, 'malformed supply record');
  return parsed.value;
}

/**
 * Adds to the native supply. Record: issued u64, burned u64, under the asset id 0.
 *
 * @throws AssertionError when more would be burned than was ever issued: some rule has let hugs out of nothing
 */
export function growSupply(overlay: Overlay, growth: Supply): void {
  const before = readSupply(overlay);
  const issued = addAmounts(before.issued, growth.issued);
  const burned = addAmounts(before.burned, growth.burned);
  assert(issued !== undefined && burned !== undefined && burned <= issued, 'more burned than issued');
  overlay.setValue(NAMESPACE.supply, NATIVE_SUPPLY_KEY, new Writer(16).u53(issued).u53(burned).finish());
}
