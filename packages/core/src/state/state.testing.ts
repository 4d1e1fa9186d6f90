import fc from 'fast-check';
import { AMOUNT_MAX, type Amount, amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import { type Hash, hash, ZERO_HASH } from '../crypto/hash.ts';
import { type CoinChange, compareCoinChanges, type StateChanges, type StorageChange } from './changes.ts';
import { COIN_INDEX_MAX, type Coin } from './coin.ts';
import { NAMESPACE, type Namespace } from './namespaces.ts';
import { compareEntries, type StorageEntry } from './storage.ts';
import type { Tree, TreeChange } from './tree.ts';
import { emptyTree, updateTree } from './tree.ts';

/** A tree whose values are their own hashes: what the definition of the tree speaks about. */
export type HashTree = Tree<Hash>;

/** The empty {@link HashTree}. */
export const emptyHashTree: HashTree = emptyTree<Hash>((valueHash) => valueHash);

/** 32 bytes that only depend on a number: a key, an address, a value hash. */
export function hashOf(n: number): Hash {
  return hash('tx-leaf', Uint8Array.of(n & 0xff, (n >>> 8) & 0xff, (n >>> 16) & 0xff, n >>> 24));
}

/** A key with chosen first bytes and zeros behind, so that a test decides the shape of the tree. */
export function keyFrom(...first: readonly number[]): Hash {
  const key = ZERO_HASH.slice();
  key.set(first);
  return key;
}

/** The tree of some entries, built at once. */
export function hashTreeOf(entries: readonly TreeChange<Hash>[]): HashTree {
  return updateTree(emptyHashTree, entries);
}

/** Keys that often share long prefixes: random, or with all but a few bits in common. */
export const arbitraryKey: fc.Arbitrary<Hash> = fc.oneof(
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
  fc.tuple(fc.nat(3), fc.nat(255)).map(([low, bit]) => {
    const key = keyFrom(low << 6);
    key[bit >>> 3] = (key[bit >>> 3] as number) ^ (0x80 >>> (bit & 7));
    return key;
  }),
);

const arbitraryHash = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** Entries of a tree with different keys. */
export const arbitraryEntries = fc.uniqueArray(
  fc.record({ key: arbitraryKey, value: arbitraryHash }, { noNullPrototype: true }),
  { maxLength: 40, selector: ({ key }) => toHex(key) },
);

/** Any coin, the ends of each range as often as the middle. */
export const arbitraryCoin: fc.Arbitrary<Coin> = fc.record(
  {
    index: fc.oneof(fc.constantFrom(0, COIN_INDEX_MAX), fc.nat(COIN_INDEX_MAX)),
    asset: fc.oneof(fc.constant(0), fc.maxSafeNat()),
    amount: fc.oneof(fc.constantFrom(0, AMOUNT_MAX), fc.maxSafeNat()).map((value) => value as Amount),
    address: arbitraryHash,
    height: fc.oneof(fc.constantFrom(0, 0xffff_ffff), fc.nat(0xffff_ffff)),
    reward: fc.boolean(),
  },
  { noNullPrototype: true },
);

const arbitraryNamespace: fc.Arbitrary<Namespace> = fc.constantFrom(...Object.values(NAMESPACE));

/** A storage key out of few, so that changes often meet. */
const arbitraryStorageKey = fc.oneof(
  fc.constantFrom(new Uint8Array(0), Uint8Array.of(0), Uint8Array.of(0, 0)),
  fc.uint8Array({ minLength: 1, maxLength: 1, max: 8 }),
);

const arbitraryCoinChange: fc.Arbitrary<CoinChange> = fc.record(
  { key: fc.nat(30).map(hashOf), coin: fc.option(arbitraryCoin, { nil: undefined }) },
  { noNullPrototype: true },
);

const arbitraryStorageChange: fc.Arbitrary<StorageChange> = fc.record(
  {
    namespace: arbitraryNamespace,
    key: arbitraryStorageKey,
    value: fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }),
  },
  { noNullPrototype: true },
);

/** Changes in canonical order over few keys, removals of what is not there included. */
export const arbitraryChanges: fc.Arbitrary<StateChanges> = fc.record(
  {
    coins: fc
      .uniqueArray(arbitraryCoinChange, { maxLength: 20, selector: ({ key }) => toHex(key) })
      .map((changes) => changes.toSorted(compareCoinChanges)),
    storage: fc
      .uniqueArray(arbitraryStorageChange, { maxLength: 20, selector: storageName })
      .map((changes) => changes.toSorted(compareEntries)),
  },
  { noNullPrototype: true },
);

/** A name for an entry of the storage map. */
export function storageName({ namespace, key }: Pick<StorageEntry, 'namespace' | 'key'>): string {
  return `${namespace}/${toHex(key)}`;
}

/** A coin that only depends on a number. */
export function exampleCoin(n: number): Coin {
  return {
    index: n,
    asset: 0,
    amount: amount(1000 + n),
    address: hashOf(n + 1),
    height: n,
    reward: n % 2 === 1,
  };
}
