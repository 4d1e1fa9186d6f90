import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import type { Outpoint } from '@calin/core/primitives/outpoint.ts';
import { type Coin, coinHash, coinKey, parseCoin } from '@calin/core/state/coin.ts';
import type { Namespace } from '@calin/core/state/namespaces.ts';
import { parseStateProof, STATE_PROOF_BYTES_MAX, verifyStateProof } from '@calin/core/state/state-proof.ts';
import { STORAGE_VALUE_BYTES_MAX, storageKey, storageValueHash } from '@calin/core/state/storage.ts';
import { refuseLight } from './rules.ts';

/** What a server says a key holds, and why that is so. */
export interface ValueProof {
  /** Undefined when it says that there is nothing. */
  readonly value: Uint8Array | undefined;
  /** As `encodeStateProof` writes it. */
  readonly proof: Uint8Array;
}

/** Names an entry of the storage map. */
export interface StorageName {
  readonly namespace: Namespace;
  readonly key: Uint8Array;
}

/**
 * Checks what a key of the storage map holds after a block.
 *
 * @param header - one that is followed: the proof is worth as much as the header
 * @returns true when it holds `value`, false when it holds nothing; `light/value-mismatch` or `state/proof-…` otherwise
 */
export function proveValue(
  header: Header,
  { namespace, key }: StorageName,
  { value, proof }: ValueProof,
): Result<boolean> {
  if (value !== undefined && value.length > STORAGE_VALUE_BYTES_MAX) {
    return refuseLight('light/too-large', { got: value.length, max: STORAGE_VALUE_BYTES_MAX });
  }
  const hash = value === undefined ? undefined : storageValueHash({ namespace, value });
  return provePresence(header, 'storage', storageKey(namespace, key), { hash, proof });
}

/** Checks whether a coin is there after a block: the coin, or undefined when it is proved that there is none. */
export function proveCoin(
  header: Header,
  { txid, index }: Outpoint,
  { value, proof }: ValueProof,
): Result<Coin | undefined> {
  const coin = value === undefined ? ok(undefined) : parseCoin(value);
  if (!coin.ok) return coin;
  const hash = coin.value === undefined ? undefined : coinHash(coin.value);
  const present = provePresence(header, 'coins', coinKey(txid, index), { hash, proof });
  return present.ok ? coin : present;
}

function provePresence(
  header: Header,
  map: 'coins' | 'storage',
  key: Uint8Array,
  { hash, proof }: { readonly hash: Uint8Array | undefined; readonly proof: Uint8Array },
): Result<boolean> {
  if (proof.length > STATE_PROOF_BYTES_MAX) {
    return refuseLight('light/too-large', { got: proof.length, max: STATE_PROOF_BYTES_MAX });
  }
  const parsed = parseStateProof(proof);
  if (!parsed.ok) return parsed;
  const presence = verifyStateProof(header.stateRoot, map, key, parsed.value);
  if (!presence.ok) return presence;
  const { value } = presence;
  const fits = value.present ? hash !== undefined && equalBytes(value.valueHash, hash) : hash === undefined;
  return fits ? ok(value.present) : refuseLight('light/value-mismatch', { height: header.height });
}
