import { AMOUNT_MAX, amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import { type Hash, hash, ZERO_HASH } from '../crypto/hash.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { encodeChanges, type StateChanges } from './changes.ts';
import { COIN_INDEX_MAX, type Coin, coinHash, coinKey, encodeCoin, fmix32 } from './coin.ts';
import { encodeTreeProof, parseTreeProof, proveKey, type TreeProof, verifyTreeProof } from './proof.ts';
import { cutOf, encodeManifest, snapshotManifest } from './snapshot.ts';
import { chunkHash } from './snapshot-chunk.ts';
import { snapshotPieces } from './snapshot-cut.ts';
import { encodeOutline, outlineOf } from './snapshot-outline.ts';
import { encodeStateProof, proveState } from './state-proof.ts';
import { storageKey, storageValueHash } from './storage.ts';
import { emptyTree, type Tree, treeRoot, updateTree } from './tree.ts';
import { applyChanges, emptyState, stateRoot } from './world-state.ts';

/**
 * Test vectors of the state, for any other implementation of it: bytes as lower-case hex, numbers as numbers. What
 * each section means is said in docs/reference/state.md#vectors.
 */
export function stateVectors() {
  return {
    fmix32: [0, 1, 2, 255, 65_536, 0x7fff_ffff, 0xffff_ffff].map((word) => ({ word, mixed: fmix32(word) })),
    coinKeys: [0, 1, 2, 254, COIN_INDEX_MAX].map((index) => ({
      txid: toHex(digest(1)),
      index,
      key: toHex(coinKey(digest(1), index)),
    })),
    coins: COINS.map((coin) => ({
      ...coin,
      address: toHex(coin.address),
      record: toHex(encodeCoin(coin)),
      hash: toHex(coinHash(coin)),
    })),
    storage: CHANGES.storage.map(({ namespace, key, value = ZERO_HASH }) => ({
      namespace,
      key: toHex(key),
      value: toHex(value),
      storageKey: toHex(storageKey(namespace, key)),
      valueHash: toHex(storageValueHash({ namespace, value })),
    })),
    trees: treeVectors(),
    history: historyVectors(),
    refusals: refusalVectors(),
    example: exampleVector(),
  };
}

/** 32 bytes that only depend on a number. */
function digest(n: number): Hash {
  return hash('tx-leaf', Uint8Array.of(n & 0xff, n >>> 8));
}

const COINS: readonly Coin[] = [
  { index: 0, asset: 0, amount: amount(0), address: ZERO_HASH, height: 0, reward: false },
  { index: 1, asset: 0, amount: amount(5_000_000_000), address: digest(2), height: 1, reward: true },
  {
    index: COIN_INDEX_MAX,
    asset: AMOUNT_MAX,
    amount: AMOUNT_MAX,
    address: digest(3),
    height: 0xffff_ffff,
    reward: true,
  },
];

const CHANGES: StateChanges = {
  coins: [
    { key: coinKey(digest(1), 0), coin: { ...(COINS[1] as Coin), index: 0 } },
    { key: coinKey(digest(1), 1), coin: COINS[1] },
  ].toSorted((a, b) => (toHex(a.key) < toHex(b.key) ? -1 : 1)),
  storage: [
    { namespace: 1, key: new Uint8Array(8), value: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7) },
    { namespace: 2, key: new Uint8Array(0), value: new Uint8Array(0) },
    { namespace: 3, key: digest(4), value: new Uint8Array(100).fill(0x5a) },
  ],
};

function emptyHashTree(): Tree<Hash> {
  return emptyTree<Hash>((valueHash) => valueHash);
}

/** Keys that part early, late, at a byte's edge and at the last bit, and sets of random ones. */
function keySets(): readonly (readonly [name: string, keys: readonly Hash[]])[] {
  const at = (...first: readonly number[]): Hash => {
    const key = ZERO_HASH.slice();
    key.set(first);
    return key;
  };
  const random = (count: number) => Array.from({ length: count }, (_, n) => digest(100 + n));
  return [
    ['empty', []],
    ['one leaf is the root', [at(0x80)]],
    ['two keys that part at bit 0', [at(0), at(0x80)]],
    ['two keys that part at bit 2', [at(0), at(0x20)]],
    ['a pair below an empty half beside a leaf', [at(0), at(0x20), at(0x80)]],
    ['two keys that part at bit 8', [at(0xff, 0), at(0xff, 0x80)]],
    ['two keys that part at bit 255', [at(0), ZERO_HASH.with(31, 1)]],
    ['five random keys', random(5)],
    ['a hundred random keys', random(100)],
  ];
}

function treeVectors() {
  return keySets().map(([name, keys]) => {
    const entries = keys.map((key, n) => ({ key, value: digest(1000 + n) }));
    const tree = updateTree(emptyHashTree(), entries);
    const asked = [...keys.slice(0, 3), digest(9), ZERO_HASH.with(31, 2)];
    return {
      name,
      entries: entries.map(({ key, value }) => ({ key: toHex(key), valueHash: toHex(value) })),
      root: toHex(treeRoot(tree)),
      proofs: asked.map((key) => {
        const proof = proveKey(tree, key);
        return { key: toHex(key), present: proof.end.kind === 'leaf', bytes: toHex(encodeTreeProof(proof)) };
      }),
    };
  });
}

/** One map through batches of sets and removals, with the root after each. */
function historyVectors() {
  let tree = emptyHashTree();
  return [0, 1, 2, 3].map((batch) => {
    const changes = Array.from({ length: 8 }, (_, i) => {
      const n = (batch * 5 + i * 3) % 17;
      return { key: digest(200 + n), value: (n + batch) % 3 === 0 ? undefined : digest(300 + n * 4 + batch) };
    });
    tree = updateTree(tree, changes);
    return {
      changes: changes.map(({ key, value }) => ({
        key: toHex(key),
        valueHash: value === undefined ? null : toHex(value),
      })),
      root: toHex(treeRoot(tree)),
    };
  });
}

/** Proofs that must be refused, with the rule by which this implementation refuses them. */
function refusalVectors() {
  const keys = Array.from({ length: 20 }, (_, n) => digest(100 + n));
  const tree = updateTree(
    emptyHashTree(),
    keys.map((key, n) => ({ key, value: digest(1000 + n) })),
  );
  const key = digest(100);
  const proof = proveKey(tree, key);
  const { siblings } = proof;
  const valueHash = digest(1000);
  const bytes = encodeTreeProof(proof);
  const cases: readonly (readonly [name: string, bytes: Uint8Array])[] = [
    ['another value', encodeTreeProof({ siblings, end: { kind: 'leaf', valueHash: digest(1) } })],
    ['a present key shown as absent', encodeTreeProof({ siblings, end: { kind: 'empty' } })],
    ['its own leaf as another', encodeTreeProof({ siblings, end: { kind: 'other-leaf', key, valueHash } })],
    ['a leaf beside the path', encodeTreeProof(leafBeside(proof, key))],
    ['a level too few', encodeTreeProof({ ...proof, siblings: siblings.slice(1) })],
    ['an empty last sibling', encodeTreeProof({ ...proof, siblings: [...siblings, ZERO_HASH] })],
    ['a byte too many', Uint8Array.of(...bytes, 0)],
    ['a byte too few', bytes.subarray(0, -1)],
    ['an unknown end', bytes.with(0, 3)],
  ];
  const root = treeRoot(tree);
  return cases.map(([name, damaged]) => {
    const parsed = parseTreeProof(damaged);
    const result = parsed.ok ? verifyTreeProof(root, key, parsed.value) : parsed;
    assert(!result.ok, `a false proof was accepted: ${name}`);
    return { name, root: toHex(root), key: toHex(key), bytes: toHex(damaged), rule: result.error.rule };
  });
}

function leafBeside({ siblings }: TreeProof, key: Hash): TreeProof {
  const beside = key.with(0, (key[0] as number) ^ 0x80);
  return { siblings, end: { kind: 'other-leaf', key: beside, valueHash: digest(1) } };
}

/** A whole state: its changes and undo record, roots, proofs against the header's root, and its snapshot. */
function exampleVector() {
  const { state, undo } = applyChanges(emptyState, CHANGES);
  const pieces = [...snapshotPieces(state)];
  const chunks = pieces.flatMap(({ chunk }) => chunk ?? []);
  const manifest = snapshotManifest(
    state,
    { height: 1, hash: digest(5) },
    chunks.map((chunk) => chunkHash(chunk)),
    cutOf(pieces),
  );
  const outline = outlineOf({ height: 1, blockId: digest(5) }, pieces, createPlainHasher());
  const presentKey = coinKey(digest(1), 1);
  const absentKey = storageKey(3, digest(6));
  return {
    changes: toHex(encodeChanges(CHANGES)),
    undo: toHex(encodeChanges(undo)),
    emptyRoot: toHex(stateRoot(emptyState)),
    coinsRoot: toHex(state.coins.root()),
    storageRoot: toHex(treeRoot(state.storage)),
    stateRoot: toHex(stateRoot(state)),
    coinProof: {
      key: toHex(presentKey),
      bytes: toHex(encodeStateProof(proveState(state, 'coins', presentKey))),
    },
    absenceProof: {
      key: toHex(absentKey),
      bytes: toHex(encodeStateProof(proveState(state, 'storage', absentKey))),
    },
    snapshot: {
      manifest: toHex(encodeManifest(manifest)),
      outline: toHex(encodeOutline(outline)),
      chunks: chunks.map(toHex),
    },
  };
}
