import { assert } from '../base/assert.ts';
import { type Hash, hashPair } from '../crypto/hash.ts';
import type { StateChanges, StorageChange } from './changes.ts';
import type { Coin } from './coin.ts';
import type { CoinMap } from './coin-map.ts';
import { type CoinState, type KeyedCoin, scanCoins, TreeCoins } from './coin-state.ts';
import { MapCoins } from './map-coins.ts';
import type { Namespace } from './namespaces.ts';
import { type StorageEntry, storageKey, storageValueHash } from './storage.ts';
import { emptyTree, getLeaf, type Tree, treeLeaves, treeRoot, updateTree } from './tree.ts';

/**
 * Everything that the ledger knows, as a value: the unspent coins and the storage. Immutable, so the state of an
 * older block costs only what has changed since, and reading it needs no lock. @see docs/reference/state.md
 */
export interface WorldState {
  /** By {@link coinKey}. */
  readonly coins: CoinState;
  /** By {@link storageKey}. */
  readonly storage: Tree<StorageEntry>;
}

/** The state before the genesis block: nothing at all. */
export const emptyState: WorldState = {
  coins: new TreeCoins(),
  storage: emptyTree<StorageEntry>(storageValueHash),
};

/**
 * The same, with the coins in a map of its own that changes in place: for the head of a chain.
 *
 * @param seed - see {@link MapCoins.over}
 */
export function emptyStateOver(map: CoinMap, seed?: Hash): WorldState {
  assert(map.size === 0, 'an empty map');
  return { coins: MapCoins.over(map, seed), storage: emptyState.storage };
}

/** What the header of a block commits to. */
export function stateRoot(state: WorldState): Hash {
  return combineRoots(state.coins.root(), treeRoot(state.storage));
}

/** The state root of two map roots. */
export function combineRoots(coinsRoot: Hash, storageRoot: Hash): Hash {
  return hashPair('state-root', coinsRoot, storageRoot);
}

/** The coin under a key ({@link coinKey}), unless it is spent or never was. */
export function getCoin(state: WorldState, key: Hash): Coin | undefined {
  return state.coins.get(key);
}

/** The value of a storage entry; not a copy, so it must not be written to. */
export function getValue(state: WorldState, namespace: Namespace, key: Uint8Array): Uint8Array | undefined {
  return getValueAt(state, storageKey(namespace, key));
}

/** The same, by its {@link storageKey}: for who asks often. */
export function getValueAt(state: WorldState, key: Hash): Uint8Array | undefined {
  return getLeaf(state.storage, key)?.value.value;
}

/**
 * The state after some changes, and the changes that lead back.
 *
 * @param changes - in canonical order, as an overlay or {@link parseChanges} gives them
 */
export function applyChanges(
  state: WorldState,
  changes: StateChanges,
): { readonly state: WorldState; readonly undo: StateChanges } {
  const coins = state.coins.apply(changes.coins);
  const storage = applyStorageChanges(state.storage, changes.storage);
  return {
    state: { coins: coins.coins, storage: storage.storage },
    undo: { coins: coins.undo, storage: storage.undo },
  };
}

/** The storage after some changes, and the changes that lead back. */
export function applyStorageChanges(
  before: Tree<StorageEntry>,
  changes: readonly StorageChange[],
): { readonly storage: Tree<StorageEntry>; readonly undo: readonly StorageChange[] } {
  const entries = changes.map((change) => ({
    key: storageKey(change.namespace, change.key),
    value: entryOf(change),
  }));
  const undo = changes.map(({ namespace, key }, i): StorageChange => {
    const leaf = getLeaf(before, (entries[i] as { key: Hash }).key);
    return { namespace, key, value: leaf?.value.value };
  });
  return { storage: updateTree(before, entries), undo };
}

/** All coins with their keys, in the order of the keys. */
export function stateCoins(state: WorldState): Generator<KeyedCoin, void, undefined> {
  return scanCoins(state.coins);
}

/** All storage entries, or those of one namespace, in the order of their {@link storageKey}. Reads every entry. */
export function* stateEntries(state: WorldState, namespace?: Namespace): Generator<StorageEntry> {
  for (const { value } of treeLeaves(state.storage)) {
    if (namespace === undefined || value.namespace === namespace) yield value;
  }
}

function entryOf({ namespace, key, value }: StorageChange): StorageEntry | undefined {
  return value === undefined ? undefined : { namespace, key, value };
}
