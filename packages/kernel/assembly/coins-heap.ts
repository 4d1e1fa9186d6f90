import { insertEntry, removeEntry, splitHead } from './coins-bucket.ts';
import { growHeap, HEAP_NODES_MAX, headAt, headOf, initHeap, tagOf } from './coins-memory.ts';
import { markStale } from './coins-stale.ts';

/*
 * Linear hashing (Litwin 1980) by the first bits of the key, which is a hash: with n buckets they are the nodes n to
 * 2n − 1 of the heap, at two depths at most. Growing by one parts node n, the first bucket of the upper depth, into
 * 2n and 2n + 1. It takes the work of one bucket each time, and no bucket ever moves.
 */

/** Coins per bucket × 16. docs/decisions/0007-one-table-for-coins-and-tree.md has the measurements. */
const LOAD_SIXTEENTHS: u64 = 32;

/** First bits of the key that all keys of this memory have in common and that say nothing here. */
let shardBits: u32 = 0;
let buckets: u32 = 1;
/** Depth of node `buckets`: the upper one of the two depths. */
let upperDepth: u32 = 0;
let coins: u32 = 0;

/** Starts an empty heap of one bucket. */
export function initBuckets(bits: u32): void {
  shardBits = bits;
  initHeap();
}

/** The buckets there are; they are the nodes of the heap from this number on. */
export function bucketCount(): u32 {
  return buckets;
}

/** The coins there are. */
export function coinCount(): u32 {
  return coins;
}

/** The node of the heap that is the bucket of a key. */
export function bucketOf(key: usize): u32 {
  const bits = bswap<u64>(load<u64>(key)) << shardBits;
  const lower: u32 = (2 << upperDepth) | <u32>(bits >> (63 - upperDepth));
  return lower < buckets << 1 ? lower : lower >> 1;
}

/** Bits that all keys below a node of the heap have in common. */
export function depthOf(h: u32): u32 {
  return shardBits + 31 - <u32>clz<u32>(h);
}

/** The first bucket in the order of the keys behind bucket h; 0 behind the last. */
export function nextBucket(h: u32): u32 {
  const lower: u32 = 2 << upperDepth;
  const isLower = h >= lower;
  h++;
  if (isLower) return h < buckets << 1 ? h : buckets;
  return h < lower ? h : 0;
}

/** Adds a coin. False when its key is there. */
export function addCoin(entry: usize): bool {
  const h = bucketOf(entry);
  if (!insertEntry(headAt(h), depthOf(h), entry)) return false;
  markStale(h);
  coins++;
  return true;
}

/** Removes a coin. False when there is none of this key. */
export function removeCoin(key: usize): bool {
  const h = bucketOf(key);
  if (!removeEntry(headAt(h), depthOf(h), key)) return false;
  markStale(h);
  coins--;
  return true;
}

/** How many buckets have to be parted to bring the load down to what it should be. */
export function splitsDue(): u32 {
  const wanted = bucketsFor(coins);
  return wanted > buckets ? wanted - buckets : 0;
}

/** Parts the next bucket. */
export function splitBucket(): void {
  const left = addBucket();
  const head = load<u32>(headAt(left >> 1));
  splitHead(head, depthOf(left >> 1), headAt(left), headAt(left + 1));
  store<u32>(headAt(left >> 1), headOf(min<u32>(tagOf(head), 2), 0));
  // The hash above is still the same, unless the bucket was waiting for its own: its place in the list is theirs now.
  markStale(left);
  markStale(left + 1);
}

/** Makes the buckets for so many coins at once. There must be no coin, and no hash out of date. */
export function presize(more: u32): void {
  for (const wanted = bucketsFor(more); buckets < wanted; ) addBucket();
}

function bucketsFor(count: u32): u32 {
  const wanted = ((<u64>count) << 4) / LOAD_SIXTEENTHS;
  return <u32>min<u64>(wanted, HEAP_NODES_MAX >> 1);
}

/** Makes room for the two halves of the next bucket; gives the left one's node. */
function addBucket(): u32 {
  const left = buckets << 1;
  growHeap(left + 2);
  buckets++;
  if (buckets === u32(2) << upperDepth) upperDepth++;
  return left;
}
