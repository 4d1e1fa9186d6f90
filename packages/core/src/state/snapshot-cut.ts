import { concatBytes } from '../base/bytes.ts';
import type { Failure, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { type Hash, hashPair } from '../crypto/hash.ts';
import { COIN_ENTRY_BYTES, type CoinState } from './coin-state.ts';
import { KeyRange } from './key-range.ts';
import { refuseState } from './rules.ts';
import {
  CHUNK_HEAD_BYTES,
  encodeCoinChunk,
  encodeStorageChunk,
  SNAPSHOT_CHUNK_BYTES_MAX,
  storageEntryBytes,
} from './snapshot-chunk.ts';
import type { MapName } from './state-proof.ts';
import type { StorageEntry } from './storage.ts';
import { type Leaf, TREE_DEPTH_MAX, type Tree, treeLeaves } from './tree.ts';
import type { WorldState } from './world-state.ts';

/** Pieces of one map, those without entries included: at least half full, as with random keys, 190 million coins. */
export const SNAPSHOT_PIECES_MAX = 131_072;

/** The place and size of one piece: a subtree that fits into a chunk, while the one above it does not. */
export interface PieceSize {
  /** Bits that its keys have in common. */
  readonly depth: number;
  /** Of its chunk; 0 for a subtree without entries, which has none. */
  readonly bytes: number;
}

/** How the two maps of a state are cut, each in the order of the keys. */
export interface SnapshotCut {
  readonly coins: readonly PieceSize[];
  readonly storage: readonly PieceSize[];
}

/** One piece of a state. */
export interface SnapshotPiece {
  readonly map: MapName;
  readonly depth: number;
  /** Undefined for a subtree without entries. */
  readonly chunk: Uint8Array | undefined;
}

/** Coins in a full chunk. */
const COINS_PER_CHUNK = Math.floor((SNAPSHOT_CHUNK_BYTES_MAX - CHUNK_HEAD_BYTES) / COIN_ENTRY_BYTES);

/**
 * The state in pieces: all coins in the order of their keys, then all storage entries in the order of theirs. Each
 * piece is a whole subtree of its map, the largest one that fits into a chunk, so the same state gives the same pieces
 * on every node, and each can be compared with its subtree's hash alone. A generator, so that the caller can spread
 * the work; the coins may change meanwhile as {@link CoinState.entries} allows.
 */
export function* snapshotPieces(state: WorldState): Generator<SnapshotPiece, void, undefined> {
  yield* coinPieces(state.coins);
  yield* storagePieces(state.storage);
}

function* coinPieces(coins: CoinState): Generator<SnapshotPiece, void, undefined> {
  const runs = coins.entries(COINS_PER_CHUNK);
  const bytesMax = COINS_PER_CHUNK * COIN_ENTRY_BYTES;
  let held: Uint8Array = new Uint8Array(0);
  for (const range = new KeyRange(); !range.isEnd; ) {
    while (held.length <= bytesMax) {
      const run = runs.next();
      if (run.done === true) break;
      held = held.length === 0 ? run.value : concatBytes(held, run.value);
    }
    // The first coin that does not fit says how small the subtree has to be.
    const excess = held.length > bytesMax ? held.subarray(bytesMax, bytesMax + 32) : undefined;
    const depth = range.depthWithout(excess);
    const end = COIN_ENTRY_BYTES * coinsWithin(held, range, depth);
    yield { map: 'coins', depth, chunk: end === 0 ? undefined : encodeCoinChunk(held.subarray(0, end)) };
    held = held.subarray(end);
    range.pass(depth);
  }
}

/** How many of the first coins are in the subtree that begins where the range is. */
function coinsWithin(entries: Uint8Array, range: KeyRange, depth: number): number {
  let [low, high] = [0, entries.length / COIN_ENTRY_BYTES];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = middle * COIN_ENTRY_BYTES;
    if (range.has(entries.subarray(at, at + 32), depth)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function* storagePieces(storage: Tree<StorageEntry>): Generator<SnapshotPiece, void, undefined> {
  const leaves = treeLeaves(storage);
  const held: Leaf<StorageEntry>[] = [];
  let heldBytes = CHUNK_HEAD_BYTES;
  for (const range = new KeyRange(); !range.isEnd; ) {
    while (heldBytes <= SNAPSHOT_CHUNK_BYTES_MAX) {
      const leaf = leaves.next();
      if (leaf.done === true) break;
      held.push(leaf.value);
      heldBytes += storageEntryBytes(leaf.value.value);
    }
    // Only the last one can be too much, for with it the reading stopped.
    const excess = heldBytes > SNAPSHOT_CHUNK_BYTES_MAX ? held.at(-1)?.key : undefined;
    const depth = range.depthWithout(excess);
    let end = 0;
    while (end < held.length && range.has((held[end] as Leaf<StorageEntry>).key, depth)) end++;
    const taken = held.splice(0, end).map(({ value }) => value);
    for (const entry of taken) heldBytes -= storageEntryBytes(entry);
    yield { map: 'storage', depth, chunk: end === 0 ? undefined : encodeStorageChunk(taken) };
    range.pass(depth);
  }
}

/** What lies side by side in the tree, added up by {@link foldPieces}. */
interface Fold {
  readonly depth: number;
  /** Bytes of all entries. */
  readonly bytes: number;
  readonly hash: Hash | undefined;
}

/**
 * Goes through the pieces of one map and checks that they are cut as {@link snapshotPieces} cuts: without gaps, each
 * the largest subtree that fits. When all have hashes, those of their subtrees, it gives the root of the map.
 *
 * @param hashes - one for each piece; undefined to look at the cut alone
 * @returns the root, zeros without `hashes`; or `state/snapshot-cut`
 */
export function foldPieces(
  pieces: readonly PieceSize[],
  hashes: readonly Hash[] | undefined,
): Result<Hash | undefined> {
  const waiting: Fold[] = [];
  for (const [i, { depth, bytes }] of pieces.entries()) {
    const isSound = bytes <= SNAPSHOT_CHUNK_BYTES_MAX && (bytes === 0 || bytes > CHUNK_HEAD_BYTES);
    const isPlaced = depth <= TREE_DEPTH_MAX && depth >= (waiting.at(-1)?.depth ?? 0);
    // A piece after that of depth 0 would lie behind all keys.
    if (!isSound || !isPlaced || waiting.at(-1)?.depth === 0) return refuseCut(i, 'a piece out of place');
    let fold: Fold = { depth, bytes: Math.max(bytes - CHUNK_HEAD_BYTES, 0), hash: hashes?.[i] };
    while (waiting.at(-1)?.depth === fold.depth) {
      fold = join(waiting.pop() as Fold, fold);
      if (fold.bytes + CHUNK_HEAD_BYTES <= SNAPSHOT_CHUNK_BYTES_MAX)
        return refuseCut(i, 'pieces that fit into one');
    }
    waiting.push(fold);
  }
  const [whole] = waiting;
  return whole?.depth === 0 ? ok(whole.hash) : refuseCut(pieces.length, 'pieces are missing');
}

/** The subtree over two; as they do not fit into one chunk, they have more than one entry and nothing collapses. */
function join(left: Fold, right: Fold): Fold {
  const hash = left.hash && right.hash ? hashPair('state-node', left.hash, right.hash) : undefined;
  return { depth: left.depth - 1, bytes: left.bytes + right.bytes, hash };
}

function refuseCut(index: number, why: string): Failure {
  return refuseState('state/snapshot-cut', { index, why });
}
