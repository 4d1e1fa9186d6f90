import { coinKey, leafKey, nodeKey } from './coins-blocks.ts';
import { findEntry } from './coins-bucket.ts';
import {
  addCoin,
  bucketCount,
  bucketOf,
  coinCount,
  depthOf,
  initBuckets,
  presize,
  removeCoin,
  splitBucket,
  splitsDue,
} from './coins-heap.ts';
import { ENTRY_BYTES, hashAt, headAt, take } from './coins-memory.ts';
import { readBucketsAhead, refreshHashes, refreshSome } from './coins-root.ts';
import { scanBuckets } from './coins-scan.ts';
import { initStale, staleRoom } from './coins-stale.ts';
import { ensure } from './memory.ts';

/** Bytes of the area in which keys, entries and records go in and out. */
const STAGE_BYTES: u32 = 1 << 20;

/** Keys that are worked on together: the waits for their memory overlap, and what was read is still near. */
const GROUP: u32 = 64;

/** Bytes that a coin of a random key takes with its share of everything; measured, rounded up. */
const COIN_BYTES: u64 = 136;
/** What the steps of growth may take beyond that. */
const RESERVE_BYTES: u64 = 1 << 19;

const KEY_BYTES: u32 = 32;
const RECORD_BYTES: u32 = 56;

let stage: usize = 0;

/** The buckets of a group. */
const group: usize = memory.data(512, 16);

/**
 * Starts an empty map. The keys of the domains coin, state-leaf and state-node lie at the addresses.
 *
 * @param shardBits - first bits of a key that all keys of this map have in common
 * @returns the address of the stage, STAGE_BYTES long
 */
export function coinsInit(shardBits: u32, coinDomain: usize, leafDomain: usize, nodeDomain: usize): usize {
  memory.copy(coinKey, coinDomain, 32);
  memory.copy(leafKey, leafDomain, 32);
  memory.copy(nodeKey, nodeDomain, 32);
  stage = take(STAGE_BYTES, 64);
  initStale();
  initBuckets(shardBits);
  return stage;
}

/** Looks up keys, which lie at the start of the stage; their records follow there, zeros for a key without. */
export function coinsFind(count: u32): void {
  let key = stage;
  let record = stage + count * KEY_BYTES;
  for (let done: u32 = 0; done < count; done += GROUP) {
    const size = min<u32>(GROUP, count - done);
    readAhead(key, KEY_BYTES, size);
    for (let i: u32 = 0; i < size; i++, key += KEY_BYTES, record += RECORD_BYTES) {
      const h = load<u32>(group + (i << 2));
      const entry = findEntry(load<u32>(headAt(h)), depthOf(h), key);
      if (entry === 0) memory.fill(record, 0, RECORD_BYTES);
      else copyRecord(record, entry + KEY_BYTES);
    }
  }
}

/**
 * Removes and adds coins: keys, then entries, from the start of the stage on.
 *
 * @returns whether each removed one was there and each added one was not; if false, the map is no longer whole
 */
export function coinsUpdate(removed: u32, added: u32): bool {
  let at = stage;
  for (let done: u32 = 0; done < removed; done += GROUP) {
    const size = min<u32>(GROUP, removed - done);
    makeStaleRoom();
    readAhead(at, KEY_BYTES, size);
    for (const end = at + size * KEY_BYTES; at < end; at += KEY_BYTES) if (!removeCoin(at)) return false;
  }
  for (let done: u32 = 0; done < added; done += GROUP) {
    const size = min<u32>(GROUP, added - done);
    makeStaleRoom();
    readAhead(at, ENTRY_BYTES, size);
    for (const end = at + size * ENTRY_BYTES; at < end; at += ENTRY_BYTES) if (!addCoin(at)) return false;
    splitBuckets();
  }
  return true;
}

/** Makes room for so many more coins of random keys. False, and no change, when the memory cannot grow so far. */
export function coinsReserve(more: u32): bool {
  if (!ensure(<u64>more * COIN_BYTES + RESERVE_BYTES)) return false;
  if (coinCount() === 0) {
    // A bucket that waits for its hash may not become a node above buckets without them.
    refreshHashes();
    presize(more);
  }
  return true;
}

/** Brings the hashes of up to so many changed buckets up to date, with all above them; false while others are left. */
export function coinsRefresh(bucketsMax: u32): bool {
  return refreshSome(bucketsMax);
}

/** Brings all hashes up to date; the address of the root's. */
export function coinsRoot(): usize {
  refreshHashes();
  return hashAt(1);
}

/** Coins in the map. */
export function coinsCount(): u32 {
  return coinCount();
}

/** Buckets: they are the nodes of the heap from this number on, up to twice as many. */
export function coinsBuckets(): u32 {
  return bucketCount();
}

/** The head of a node of the heap; see headAt. */
export function coinsHead(h: u32): u32 {
  return load<u32>(headAt(h));
}

/** The address of the hash of a node of the heap. */
export function coinsHash(h: u32): usize {
  return hashAt(h);
}

/** Copies coins in the order of their keys behind the first one that may come, which lies at the start of the stage. */
export function coinsScan(countMax: u32): u32 {
  return scanBuckets(stage, stage + KEY_BYTES, countMax);
}

/** Finds the buckets of some keys that lie `stride` apart, and reads all of their memory once. */
function readAhead(key: usize, stride: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++, key += stride) store<u32>(group + (i << 2), bucketOf(key));
  readBucketsAhead(group, count);
}

/** Parts as many buckets as a group of added coins makes due. */
function splitBuckets(): void {
  for (let due = splitsDue(); due > 0; ) {
    const size = min<u32>(GROUP, due);
    makeStaleRoom();
    for (let i: u32 = 0; i < size; i++) store<u32>(group + (i << 2), bucketCount() + i);
    readBucketsAhead(group, min<u32>(size, bucketCount()));
    for (let i: u32 = 0; i < size; i++) splitBucket();
    due -= size;
  }
}

/** A group changes at most one bucket for each key, and two for each bucket that is parted. */
function makeStaleRoom(): void {
  if (staleRoom() < 2 * GROUP) refreshHashes();
}

function copyRecord(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
  store<u64>(to, load<u64>(from, 48), 48);
}
