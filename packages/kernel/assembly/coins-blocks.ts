import { compressPairs4, hashLanes4 } from './blake3.ts';
import { bitAt, commonBits } from './coins-key.ts';
import { addressOf, ENTRY_BYTES, tagOf } from './coins-memory.ts';

/*
 * The hashes of blocks, many at a time. First the leaves of all blocks, four by four; then four lanes go from block to
 * block, each folding the leaves of its own, one hash at a time.
 */

/** Blocks in a batch. */
const JOBS_MAX: u32 = 64;
/** Leaves in a batch. */
const LEAVES_MAX: u32 = 256;
const RECORD_BYTES: i32 = 56;

/** The key of the domain coin. */
export const coinKey: usize = memory.data(32, 16);
/** The key of the domain state-leaf. */
export const leafKey: usize = memory.data(32, 16);
/** The key of the domain state-node. */
export const nodeKey: usize = memory.data(32, 16);

/** The hash of the empty subtree. */
const zero: usize = memory.data(32, 16);

/** For each block: its first leaf, how many it has, bits that its keys share by their place, where its hash goes. */
const jobs: usize = memory.data(1024, 16);
let jobCount: u32 = 0;
let nextJob: u32 = 0;

/** The entries of all blocks of the batch, and room for three more so that the last four are four. */
const entries: usize = memory.data(1040, 16);
const valueHashes: usize = memory.data(8320, 16);
/** The hashes of the leaves, later of the subtrees that they are folded to. */
const hashes: usize = memory.data(8320, 16);
let leafCount: u32 = 0;

/**
 * For each lane up to 15 subtrees from left to right: address of the hash, key of one of its entries, depth, bits
 * shared with the next one.
 */
const lanes: usize = memory.data(1024, 16);
const LANE_BYTES_LOG2: u32 = 8;
const PART_BYTES: usize = 16;
/** Depth of a leaf, which stands at any. */
const ANY_DEPTH: u32 = 0xffffffff;

/** For each lane: its parts, and its job. */
const partCounts: usize = memory.data(16, 16);
const laneJobs: usize = memory.data(16, 16);

/** What the lanes hash next: left, right and where it goes, four addresses each. */
const inputs: usize = memory.data(48, 16);

/** Where a lane without work puts what it hashes. */
const nowhere: usize = memory.data(32, 16);

/**
 * Asks for the hash of a block, or of nothing. {@link finishBlocks} completes what has been asked for.
 *
 * @param depth - bits that the keys share by the place of the block
 * @param out - where the hash goes; nothing may read it before
 */
export function hashBlock(head: u32, depth: u32, out: usize): void {
  const count = tagOf(head);
  if (count === 0) {
    copyHash(out, zero);
    return;
  }
  if (jobCount === JOBS_MAX || leafCount + count > LEAVES_MAX) finishBlocks();
  const job = jobs + (jobCount << 4);
  jobCount++;
  store<usize>(job, leafCount);
  store<u32>(job, count, 4);
  store<u32>(job, depth, 8);
  store<usize>(job, out, 12);
  let entry = addressOf(head);
  for (const end = leafCount + count; leafCount < end; leafCount++, entry += ENTRY_BYTES) {
    store<usize>(entries + (leafCount << 2), entry);
  }
}

/** Computes all hashes that have been asked for. */
export function finishBlocks(): void {
  if (jobCount === 0) return;
  hashLeaves();
  nextJob = 0;
  for (let lane: u32 = 0; lane < 4; lane++) takeJob(lane);
  while (hasWork()) {
    compressPairs4(
      nodeKey,
      load<usize>(inputs),
      load<usize>(inputs, 4),
      load<usize>(inputs, 8),
      load<usize>(inputs, 12),
      load<usize>(inputs, 16),
      load<usize>(inputs, 20),
      load<usize>(inputs, 24),
      load<usize>(inputs, 28),
      load<usize>(inputs, 32),
      load<usize>(inputs, 36),
      load<usize>(inputs, 40),
      load<usize>(inputs, 44),
    );
  }
  jobCount = 0;
  leafCount = 0;
}

function hashLeaves(): void {
  for (let i = leafCount; (i & 3) !== 0; i++) store<usize>(entries + (i << 2), load<usize>(entries));
  for (let i: u32 = 0; i < leafCount; i += 4) {
    const e0 = load<usize>(entries + (i << 2));
    const e1 = load<usize>(entries + (i << 2), 4);
    const e2 = load<usize>(entries + (i << 2), 8);
    const e3 = load<usize>(entries + (i << 2), 12);
    const v = valueHashes + (i << 5);
    const n = RECORD_BYTES;
    hashLanes4(coinKey, e0 + 32, e1 + 32, e2 + 32, e3 + 32, n, n, n, n, v, v + 32, v + 64, v + 96);
    const o = hashes + (i << 5);
    compressPairs4(leafKey, e0, e1, e2, e3, v, v + 32, v + 64, v + 96, o, o + 32, o + 64, o + 96);
  }
}

/** Gives a lane the next block that needs folding; its hash is at its first leaf. Blocks of one leaf are done here. */
function takeJob(lane: u32): void {
  while (nextJob < jobCount) {
    const job = jobs + (nextJob << 4);
    nextJob++;
    const first = load<u32>(job);
    const count = load<u32>(job, 4);
    if (count > 1) {
      layOutParts(lanes + (lane << LANE_BYTES_LOG2), first, count);
      store<u32>(partCounts + (lane << 2), count);
      store<usize>(laneJobs + (lane << 2), job);
      return;
    }
    copyHash(load<usize>(job, 12), hashes + (first << 5));
  }
  store<u32>(partCounts + (lane << 2), 0);
}

function layOutParts(part: usize, first: u32, count: u32): void {
  for (let i = first; i < first + count; i++, part += PART_BYTES) {
    const key = load<usize>(entries + (i << 2));
    store<usize>(part, hashes + (i << 5));
    store<usize>(part, key, 4);
    store<u32>(part, ANY_DEPTH, 8);
    const isLast = i === first + count - 1;
    store<u32>(part, isLast ? 0 : commonBits(key, load<usize>(entries + (i << 2), 4)), 12);
  }
}

/** Writes the next hash of each lane to `inputs`; false when no lane has any. */
function hasWork(): bool {
  let any = false;
  for (let lane: u32 = 0; lane < 4; lane++) {
    if (step(lane)) any = true;
    else setInput(lane, zero, zero, nowhere);
  }
  return any;
}

/** Writes the next hash of one lane; false when there are no blocks left. */
function step(lane: u32): bool {
  const parts = lanes + (lane << LANE_BYTES_LOG2);
  let count = load<u32>(partCounts + (lane << 2));
  while (count === 1) {
    const job = load<usize>(laneJobs + (lane << 2));
    if (load<u32>(parts, 8) > load<u32>(job, 8)) {
      lift(lane, parts);
      return true;
    }
    copyHash(load<usize>(job, 12), load<usize>(parts));
    takeJob(lane);
    count = load<u32>(partCounts + (lane << 2));
  }
  if (count === 0) return false;
  fold(lane, parts, count);
  return true;
}

/** Of the two neighbours that share most, lifts one to where they meet, or joins them. */
function fold(lane: u32, parts: usize, count: u32): void {
  const last = parts + <usize>(count - 1) * PART_BYTES;
  let left = parts;
  for (let part = parts + PART_BYTES; part < last; part += PART_BYTES) {
    if (load<u32>(part, 12) > load<u32>(left, 12)) left = part;
  }
  const right = left + PART_BYTES;
  const depth = load<u32>(left, 12);
  if (isBelow(left, depth + 1)) return lift(lane, left);
  if (isBelow(right, depth + 1)) return lift(lane, right);
  setInput(lane, load<usize>(left), load<usize>(right), load<usize>(left));
  store<u32>(left, depth, 8);
  store<u32>(left, load<u32>(right, 12), 12);
  for (let part = right; part < last; part += PART_BYTES) v128.store(part, v128.load(part, 16));
  store<u32>(partCounts + (lane << 2), count - 1);
}

/** True when a subtree of two or more entries is deeper than `depth`. */
function isBelow(part: usize, depth: u32): bool {
  const own = load<u32>(part, 8);
  return own > depth && own !== ANY_DEPTH;
}

/** One step up beside an empty subtree. */
function lift(lane: u32, part: usize): void {
  const depth = load<u32>(part, 8) - 1;
  const hash = load<usize>(part);
  store<u32>(part, depth, 8);
  if (bitAt(load<usize>(part, 4), depth) === 0) setInput(lane, hash, zero, hash);
  else setInput(lane, zero, hash, hash);
}

function setInput(lane: u32, left: usize, right: usize, out: usize): void {
  const at = inputs + (lane << 2);
  store<usize>(at, left);
  store<usize>(at, right, 16);
  store<usize>(at, out, 32);
}

function copyHash(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}
