import { type Hash, hashPair } from '../crypto/hash.ts';
import type { CoinChange, StateChanges, StorageChange } from './changes.ts';
import { type Coin, coinHash } from './coin.ts';
import type { Namespace } from './namespaces.ts';
import { type StorageEntry, storageKey, storageValueHash } from './storage.ts';
import { emptyTree, getLeaf, type Tree, treeLeaves, treeRoot, updateTree } from './tree.ts';

/**
 * Everything that the ledger knows, as a value: the unspent coins and the storage. Immutable, so the state of an
 * older block costs only what has changed since, and reading it needs no lock. @see docs/reference/state.md
 */
export interface WorldState {
  /** By {@link coinKey}. */
  readonly coins: Tree<Coin>;
  /** By {@link storageKey}. */
  readonly storage: Tree<StorageEntry>;
}

/** The state before the genesis block: nothing at all. */
export const emptyState: WorldState = {
  coins: emptyTree<Coin>(coinHash),
  storage: emptyTree<StorageEntry>(storageValueHash),
};

/** What the header of a block commits to. */
export function stateRoot(state: WorldState): Hash {
  return combineRoots(treeRoot(state.coins), treeRoot(state.storage));
}

/** The state root of two map roots. */
export function combineRoots(coinsRoot: Hash, storageRoot: Hash): Hash {
  return hashPair('state-root', coinsRoot, storageRoot);
}

/** The coin under a key ({@link coinKey}), unless it is spent or never was. */
export function getCoin(state: WorldState, key: Hash): Coin | undefined {
  return getLeaf(state.coins, key)?.value;
}

/** The value of a storage entry; not a copy, so it must not be written to. */
export function getValue(state: WorldState, namespace: Namespace, key: Uint8Array): Uint8Array | undefined {
  return getLeaf(state.storage, storageKey(namespace, key))?.value.value;
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
  const coins = changes.coins.map(({ key, coin }) => ({ key, value: coin }));
  const storage = changes.storage.map((change) => ({
    key: storageKey(change.namespace, change.key),
    value: entryOf(change),
  }));
  const undo = {
    coins: coins.map(({ key }): CoinChange => ({ key, coin: getCoin(state, key) })),
    storage: changes.storage.map(({ namespace, key }, i): StorageChange => {
      const leaf = getLeaf(state.storage, (storage[i] as { key: Hash }).key);
      return { namespace, key, value: leaf?.value.value };
    }),
  };
  const after = { coins: updateTree(state.coins, coins), storage: updateTree(state.storage, storage) };
  return { state: after, undo };
}

/** All coins with their keys, in the order of the keys. */
export function* stateCoins(state: WorldState): Generator<{ readonly key: Hash; readonly coin: Coin }> {
  for (const { key, value } of treeLeaves(state.coins)) yield { key, coin: value };
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
