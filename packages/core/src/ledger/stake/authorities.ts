import { assert } from '../../base/assert.ts';
import { compareBytes, equalBytes } from '../../base/bytes.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import { VALIDATORS_MAX } from '../../primitives/limits.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import type { Overlay, StateView } from '../../state/view.ts';

const KEY = new Uint8Array(0);

/** The authorities of the set that is written next, ascending. Record: number u16, then 32 bytes each. */
export function readAuthorities(view: StateView): readonly PublicKey[] {
  const value = view.value(NAMESPACE.authorities, KEY);
  assert(value !== undefined, 'a chain of authorities has a list of them');
  const reader = new Reader(value);
  const count = reader.count(reader.u16(), VALIDATORS_MAX, 32);
  const authorities = reader.finish(Array.from({ length: count }, () => reader.hash()));
  assert(authorities.ok, 'malformed list of authorities');
  return authorities.value;
}

/** Sets the authorities of the set that is written next: 1 to {@link VALIDATORS_MAX}, distinct, in any order. */
export function writeAuthorities(overlay: Overlay, authorities: readonly PublicKey[]): void {
  assert(authorities.length > 0 && authorities.length <= VALIDATORS_MAX, `${authorities.length} authorities`);
  const writer = new Writer(2 + 32 * authorities.length).u16(authorities.length);
  for (const authority of authorities.toSorted(compareBytes)) writer.hash(authority);
  overlay.setValue(NAMESPACE.authorities, KEY, writer.finish());
}

/** True when a key is among them. */
export function includesKey(keys: readonly PublicKey[], key: PublicKey): boolean {
  return keys.some((known) => equalBytes(known, key));
}

/** The keys without one. */
export function withoutKey(keys: readonly PublicKey[], key: PublicKey): readonly PublicKey[] {
  return keys.filter((known) => !equalBytes(known, key));
}
