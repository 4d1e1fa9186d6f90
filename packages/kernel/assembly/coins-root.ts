import { compressPairs4 } from './blake3.ts';
import { finishBlocks, hashBlock, nodeKey } from './coins-blocks.ts';
import { sideHash, sideHead, sideStale } from './coins-bucket.ts';
import { bucketCount, depthOf } from './coins-heap.ts';
import { addressOf, ENTRY_BYTES, FORK, hashAt, headAt, headOf, tagOf } from './coins-memory.ts';
import { dropStale, sortStale, staleList, staleSpare } from './coins-stale.ts';

/** Nodes whose memory is asked for ahead, so that the waits for it overlap. */
const AHEAD: u32 = 64;

/** Takes what is read ahead, so that no compiler leaves the reading out as useless. */
const sink: usize = memory.data(16, 16);

/** Parents that wait for three more: the hashes of their left halves; the right ones follow in memory. */
const pairs: usize = memory.data(16, 16);
const outs: usize = memory.data(16, 16);
let pairCount: u32 = 0;

/** Hashes all that has changed since the last call. */
export function refreshHashes(): void {
  refreshSome(u32.MAX_VALUE);
}

/**
 * Hashes up to so many of the buckets that have changed, the first ones in the heap, and all nodes above them. What is
 * above one that is left is hashed again with it: neighbours share nearly all of that, so little is done twice.
 *
 * @returns whether none is left
 */
export function refreshSome(countMax: u32): bool {
  const first = bucketCount();
  const waiting = sortStale(first);
  if (waiting === 0) return true;
  const count = min<u32>(waiting, countMax);
  const list = staleList();
  hashBuckets(list, count);
  // The buckets of the lower depth come last in the list, their parents are of the upper depth and go before the rest.
  const lower: u32 = 2 << (31 - <u32>clz<u32>(first));
  let upperCount: u32 = 0;
  while (upperCount < count && load<u32>(list + (upperCount << 2)) < lower) upperCount++;
  const level = staleSpare();
  let size = parentsOf(list + (upperCount << 2), count - upperCount, level);
  hashNodes(level, size);
  memory.copy(level + (size << 2), list, upperCount << 2);
  size += upperCount;
  while (load<u32>(level) > 1) {
    size = parentsOf(level, size, level);
    hashNodes(level, size);
  }
  dropStale(count);
  return count === waiting;
}

/** Writes the parent of each node of an ascending list, each once. */
function parentsOf(list: usize, count: u32, out: usize): u32 {
  let size: u32 = 0;
  let last: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const parent = load<u32>(list + (i << 2)) >> 1;
    if (parent === last) continue;
    store<u32>(out + (size << 2), parent);
    size++;
    last = parent;
  }
  return size;
}

function hashBuckets(list: usize, count: u32): void {
  let hasForks = false;
  for (let i: u32 = 0; i < count; i++) {
    if (i % AHEAD === 0) readBucketsAhead(list + (i << 2), min<u32>(AHEAD, count - i));
    const h = load<u32>(list + (i << 2));
    const head = load<u32>(headAt(h));
    if (tagOf(head) === FORK) {
      hasForks = true;
      hashForkBlocks(addressOf(head), depthOf(h));
    } else {
      hashBlock(head, depthOf(h), hashAt(h));
    }
  }
  finishBlocks();
  if (!hasForks) return;
  for (let i: u32 = 0; i < count; i++) {
    const h = load<u32>(list + (i << 2));
    const head = load<u32>(headAt(h));
    if (tagOf(head) === FORK) foldFork(addressOf(head), hashAt(h));
  }
}

/** Reads a word of each line of memory that the buckets' blocks are in. */
export function readBucketsAhead(list: usize, count: u32): void {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < count; i++) sum += load<u32>(headAt(load<u32>(list + (i << 2))));
  for (let i: u32 = 0; i < count; i++) {
    const head = load<u32>(headAt(load<u32>(list + (i << 2))));
    const at = addressOf(head);
    const end = at + tagOf(head) * ENTRY_BYTES;
    for (let line = at; line < end; line += 64) sum += load<u32>(line);
  }
  store<u32>(sink, sum);
}

/** Asks for the hashes of the blocks below a fork that have changed. */
function hashForkBlocks(fork: usize, depth: u32): void {
  for (let side: u32 = 0; side < 2; side++) {
    if (load<u8>(sideStale(fork, side)) === 0) continue;
    const head = load<u32>(sideHead(fork, side));
    if (tagOf(head) === FORK) hashForkBlocks(addressOf(head), depth + 1);
    else hashBlock(head, depth + 1, sideHash(fork, side));
  }
}

/** Hashes the forks that have changed, from the deepest up. A fork has two entries or more, so it never collapses. */
function foldFork(fork: usize, out: usize): void {
  for (let side: u32 = 0; side < 2; side++) {
    const head = load<u32>(sideHead(fork, side));
    const isStale = load<u8>(sideStale(fork, side)) !== 0;
    if (isStale && tagOf(head) === FORK) foldFork(addressOf(head), sideHash(fork, side));
    store<u8>(sideStale(fork, side), 0);
  }
  const left = sideHash(fork, 0);
  const right = sideHash(fork, 1);
  compressPairs4(nodeKey, left, left, left, left, right, right, right, right, out, out, out, out);
}

/** Hashes nodes of the heap from their children. */
function hashNodes(list: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    if (i % AHEAD === 0) readChildrenAhead(list + (i << 2), min<u32>(AHEAD, count - i));
    const h = load<u32>(list + (i << 2));
    const left = tagOf(load<u32>(headAt(h << 1)));
    const right = tagOf(load<u32>(headAt((h << 1) + 1)));
    if (left + right < 2) {
      // Nothing, or one entry, which is its leaf at any depth; the hash of nothing is zeros.
      store<u32>(headAt(h), headOf(left + right, 0));
      const from = hashAt((h << 1) + right);
      v128.store(hashAt(h), v128.load(from));
      v128.store(hashAt(h), v128.load(from, 16), 16);
    } else {
      store<u32>(headAt(h), headOf(2, 0));
      store<usize>(pairs + (pairCount << 2), hashAt(h << 1));
      store<usize>(outs + (pairCount << 2), hashAt(h));
      pairCount++;
      if (pairCount === 4) hashPairs();
    }
  }
  if (pairCount === 0) return;
  for (; pairCount < 4; pairCount++) {
    store<usize>(pairs + (pairCount << 2), load<usize>(pairs));
    store<usize>(outs + (pairCount << 2), load<usize>(outs));
  }
  hashPairs();
}

function hashPairs(): void {
  const p0 = load<usize>(pairs);
  const p1 = load<usize>(pairs, 4);
  const p2 = load<usize>(pairs, 8);
  const p3 = load<usize>(pairs, 12);
  compressPairs4(
    nodeKey,
    p0,
    p1,
    p2,
    p3,
    p0 + 32,
    p1 + 32,
    p2 + 32,
    p3 + 32,
    load<usize>(outs),
    load<usize>(outs, 4),
    load<usize>(outs, 8),
    load<usize>(outs, 12),
  );
  pairCount = 0;
}

function readChildrenAhead(list: usize, count: u32): void {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const h = load<u32>(list + (i << 2));
    sum += load<u32>(hashAt(h << 1)) + load<u32>(headAt(h << 1)) + load<u32>(hashAt(h));
  }
  store<u32>(sink, sum);
}
