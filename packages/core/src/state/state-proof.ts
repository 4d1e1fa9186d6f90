import { equalBytes } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { Hash } from '../crypto/hash.ts';
import {
  foldTreeProof,
  type Presence,
  proveKey,
  readTreeProof,
  TREE_PROOF_BYTES_MAX,
  type TreeProof,
  writeTreeProof,
} from './proof.ts';
import { refuseState } from './rules.ts';
import { treeRoot } from './tree.ts';
import { combineRoots, type WorldState } from './world-state.ts';

/** The two maps of a state: coins by {@link coinKey}, everything else by {@link storageKey}. */
export type MapName = 'coins' | 'storage';

/** What one key is in the state that a header commits to. */
export interface StateProof {
  readonly map: MapName;
  readonly treeProof: TreeProof;
  /** The root of the other map. */
  readonly otherRoot: Hash;
}

/** Bytes of the longest {@link encodeStateProof}. */
export const STATE_PROOF_BYTES_MAX = 33 + TREE_PROOF_BYTES_MAX;

/** The proof that a key is, or is not, in one of the maps. */
export function proveState(state: WorldState, map: MapName, key: Hash): StateProof {
  if (map === 'coins') {
    return { map, treeProof: state.coins.prove(key), otherRoot: treeRoot(state.storage) };
  }
  return { map, treeProof: proveKey(state.storage, key), otherRoot: state.coins.root() };
}

/**
 * Checks a proof against the state root of a header. The caller says what it asked for: a proof about the other map
 * would truthfully show that the key is not there.
 *
 * @returns whether the key is there and what its value hashes to ({@link coinHash}, {@link storageValueHash}), or
 * `state/proof-map`, `state/proof-shape`, `state/proof-path` or `state/proof-root`
 */
export function verifyStateProof(root: Hash, map: MapName, key: Hash, proof: StateProof): Result<Presence> {
  if (proof.map !== map) return refuseState('state/proof-map', { got: proof.map, expected: map });
  if (proof.otherRoot.length !== 32) return refuseState('state/proof-shape', { got: proof.otherRoot.length });
  const folded = foldTreeProof(key, proof.treeProof);
  if (!folded.ok) return folded;
  const { root: mapRoot, presence } = folded.value;
  const got =
    map === 'coins' ? combineRoots(mapRoot, proof.otherRoot) : combineRoots(proof.otherRoot, mapRoot);
  return equalBytes(got, root) ? { ok: true, value: presence } : refuseState('state/proof-root');
}

/** The canonical bytes: map u8 (0 coins, 1 storage), otherRoot 32, then {@link encodeTreeProof}. */
export function encodeStateProof(proof: StateProof): Uint8Array {
  const writer = new Writer(1024);
  writer.u8(proof.map === 'coins' ? 0 : 1).bytes(proof.otherRoot);
  writeTreeProof(writer, proof.treeProof);
  return writer.finish();
}

/** Reads exactly one proof. Refuses by `codec/…` whatever {@link encodeStateProof} would not write. */
export function parseStateProof(bytes: Uint8Array): Result<StateProof> {
  const reader = new Reader(bytes);
  const tag = reader.u8();
  if (tag > 1) reader.fail('codec/unknown-tag', { field: 'map of the state', got: tag });
  const otherRoot = reader.hash();
  return reader.finish({ map: tag === 0 ? 'coins' : 'storage', treeProof: readTreeProof(reader), otherRoot });
}
