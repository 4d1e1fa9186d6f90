import { compress4, writeLanes } from './blake3-rounds.ts';

/** The bytes of a chunk, the leaf of BLAKE3's tree. */
export const CHUNK_BYTES: i32 = 1024;
const BLOCK_BYTES: i32 = 64;
/** What is hashed for a proof of work: a hash and a nonce. */
const WORK_BYTES: i32 = 40;

// Flags of a block, table 3 of the paper.
const CHUNK_START: i32 = 1;
const CHUNK_END: i32 = 2;
const PARENT: i32 = 4;
const ROOT: i32 = 8;
const KEYED_HASH: i32 = 16;

/** The flags of a message that is one block, such as the two hashes below a node of a Merkle tree. */
export const PAIR_FLAGS: i32 = KEYED_HASH | CHUNK_START | CHUNK_END | ROOT;
/** The flags of an inner node of the tree of chunks. */
export const PARENT_FLAGS: i32 = KEYED_HASH | PARENT;
/** The flags of the node at the top of the tree of chunks. */
export const ROOT_PARENT_FLAGS: i32 = KEYED_HASH | PARENT | ROOT;

/** Four chaining values, transposed: eight vectors. */
const chain: usize = memory.data(128, 16);
/** What a compression gave before the lanes that have finished are put back. */
const fresh: usize = memory.data(128, 16);
/** One padded block for each lane. */
const padded: usize = memory.data(256, 16);
/** 64 bytes of ones, then 64 of zeros: read from 64 - n it masks all but the first n bytes of a block. */
const keep: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/**
 * Four keyed hashes of 64 bytes, each a left and a right half of 32: the nodes of a tree of hashes.
 *
 * @param key - the address of the 32 bytes of the key
 * @param l0 - the left half of lane 0, r0 its right half, o0 where its hash goes; any address, may overlap
 */
export function compressPairs4(
  key: usize,
  l0: usize,
  l1: usize,
  l2: usize,
  l3: usize,
  r0: usize,
  r1: usize,
  r2: usize,
  r3: usize,
  o0: usize,
  o1: usize,
  o2: usize,
  o3: usize,
): void {
  compressNodes4(key, PAIR_FLAGS, l0, l1, l2, l3, r0, r1, r2, r3, o0, o1, o2, o3);
}

/** {@link compressPairs4} with other flags: the pair may be one of chaining values (2.5 of the paper). */
export function compressNodes4(
  key: usize,
  flags: i32,
  l0: usize,
  l1: usize,
  l2: usize,
  l3: usize,
  r0: usize,
  r1: usize,
  r2: usize,
  r3: usize,
  o0: usize,
  o1: usize,
  o2: usize,
  o3: usize,
): void {
  startChain(key);
  const counters = i32x4.splat(0);
  const lengths = i32x4.splat(BLOCK_BYTES);
  compress4(chain, chain, l0, l1, l2, l3, r0, r1, r2, r3, counters, lengths, i32x4.splat(flags));
  writeLanes(chain, o0, o1, o2, o3);
}

/** Where {@link compressWork4} leaves four hashes, transposed: a vector for each of their words. */
export const hashesOfWork: usize = fresh;

/**
 * Four keyed hashes of 40 bytes that begin alike, left where they can be looked at before they are put in order.
 *
 * @param message - the first 32 bytes of all of them
 * @param nonces - for each lane the 8 bytes that follow, and zeros: 32 bytes
 */
export function compressWork4(key: usize, message: usize, nonces: usize): void {
  startChain(key);
  compress4(
    chain,
    fresh,
    message,
    message,
    message,
    message,
    nonces,
    nonces + 32,
    nonces + 64,
    nonces + 96,
    i32x4.splat(0),
    i32x4.splat(WORK_BYTES),
    i32x4.splat(PAIR_FLAGS),
  );
}

/**
 * Four keyed hashes of messages of 0 to 1024 bytes; their lengths may differ.
 *
 * @param p0 - the message of lane 0, n0 its bytes, o0 where its hash goes; outputs are written after all is read
 */
export function hashLanes4(
  key: usize,
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  n0: i32,
  n1: i32,
  n2: i32,
  n3: i32,
  o0: usize,
  o1: usize,
  o2: usize,
  o3: usize,
): void {
  hashChunks(key, p0, p1, p2, p3, n0, n1, n2, n3, i32x4.splat(0), CHUNK_END | ROOT);
  writeLanes(chain, o0, o1, o2, o3);
}

/**
 * Four chaining values of neighbouring chunks of a longer message (2.4 of the paper). A lane may be empty: what it
 * then writes means nothing.
 *
 * @param first - the number of lane 0's chunk in its message
 */
export function hashChunks4(
  key: usize,
  first: u32,
  p: usize,
  n0: i32,
  n1: i32,
  n2: i32,
  n3: i32,
  o0: usize,
  o1: usize,
  o2: usize,
  o3: usize,
): void {
  const counters = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  hashChunks(key, p, p + 1024, p + 2048, p + 3072, n0, n1, n2, n3, counters, CHUNK_END);
  writeLanes(chain, o0, o1, o2, o3);
}

/** Every lane starts from the key. */
function startChain(key: usize): void {
  v128.store(chain, v128.load32_splat(key, 0), 0);
  v128.store(chain, v128.load32_splat(key, 4), 16);
  v128.store(chain, v128.load32_splat(key, 8), 32);
  v128.store(chain, v128.load32_splat(key, 12), 48);
  v128.store(chain, v128.load32_splat(key, 16), 64);
  v128.store(chain, v128.load32_splat(key, 20), 80);
  v128.store(chain, v128.load32_splat(key, 24), 96);
  v128.store(chain, v128.load32_splat(key, 28), 112);
}

/**
 * Leaves the chaining values of four chunks in `chain`. The lanes go block by block together; one that has finished
 * goes on over nothing, and a mask keeps its value.
 *
 * @param counters - the number of each chunk in its message
 * @param ending - the flags of a chunk's last block
 */
function hashChunks(
  key: usize,
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  n0: i32,
  n1: i32,
  n2: i32,
  n3: i32,
  counters: v128,
  ending: i32,
): void {
  startChain(key);
  let left = i32x4(0, 0, 0, 0);
  left = i32x4.replace_lane(left, 0, n0);
  left = i32x4.replace_lane(left, 1, n1);
  left = i32x4.replace_lane(left, 2, n2);
  left = i32x4.replace_lane(left, 3, n3);
  const block = i32x4.splat(BLOCK_BYTES);
  let start = i32x4.splat(KEYED_HASH | CHUNK_START);
  // The empty message is one block too, so the first block is everybody's.
  let active = i32x4.splat(-1);
  do {
    const lengths = i32x4.max_s(i32x4.min_s(left, block), i32x4.splat(0));
    const last = v128.and(i32x4.le_s(left, block), i32x4.splat(ending));
    const flags = v128.or(start, last);
    if (i32x4.all_true(i32x4.eq(lengths, block))) {
      compress4(chain, chain, p0, p1, p2, p3, p0 + 32, p1 + 32, p2 + 32, p3 + 32, counters, lengths, flags);
    } else {
      const a0 = wholeBlock(0, p0, i32x4.extract_lane(lengths, 0));
      const a1 = wholeBlock(1, p1, i32x4.extract_lane(lengths, 1));
      const a2 = wholeBlock(2, p2, i32x4.extract_lane(lengths, 2));
      const a3 = wholeBlock(3, p3, i32x4.extract_lane(lengths, 3));
      const to = i32x4.all_true(active) ? chain : fresh;
      compress4(chain, to, a0, a1, a2, a3, a0 + 32, a1 + 32, a2 + 32, a3 + 32, counters, lengths, flags);
      if (to === fresh) takeFresh(active);
    }
    left = i32x4.sub(left, block);
    active = i32x4.gt_s(left, i32x4.splat(0));
    start = i32x4.splat(KEYED_HASH);
    p0 += BLOCK_BYTES;
    p1 += BLOCK_BYTES;
    p2 += BLOCK_BYTES;
    p3 += BLOCK_BYTES;
  } while (v128.any_true(active));
}

/**
 * The address of a block of 64 bytes that has these bytes first and zeros behind them.
 * Reads a whole block even where less is left; see OVERREAD_BYTES for why that is memory.
 */
function wholeBlock(lane: usize, from: usize, bytes: i32): usize {
  if (bytes === BLOCK_BYTES) return from;
  const to = padded + (lane << 6);
  // A lane that has finished may point past the memory.
  if (bytes === 0) {
    memory.fill(to, 0, BLOCK_BYTES);
    return to;
  }
  const mask = keep + BLOCK_BYTES - bytes;
  v128.store(to, v128.and(v128.load(from, 0), v128.load(mask, 0)), 0);
  v128.store(to, v128.and(v128.load(from, 16), v128.load(mask, 16)), 16);
  v128.store(to, v128.and(v128.load(from, 32), v128.load(mask, 32)), 32);
  v128.store(to, v128.and(v128.load(from, 48), v128.load(mask, 48)), 48);
  return to;
}

/** Moves the new chaining values of the active lanes from `fresh` to `chain`. */
function takeFresh(active: v128): void {
  for (let at: usize = 0; at < 128; at += 16) {
    const value = v128.bitselect(v128.load(fresh + at), v128.load(chain + at), active);
    v128.store(chain + at, value);
  }
}
