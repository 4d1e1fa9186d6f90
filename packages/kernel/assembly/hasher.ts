import {
  CHUNK_BYTES,
  compressNodes4,
  hashChunks4,
  hashLanes4,
  PAIR_FLAGS,
  PARENT_FLAGS,
  ROOT_PARENT_FLAGS,
} from './blake3.ts';

const HASH_BYTES: usize = 32;
const CHUNK_BYTES_LOG2: u32 = 10;

/** The messages that wait for a lane: address, length and where the hash goes, 12 bytes each. */
const waiting: usize = memory.data(48, 16);
/** Where the hashes of empty lanes go. */
const unused: usize = memory.data(32, 16);

/**
 * Hashes messages of any length. Neighbours that are not longer than a chunk share the lanes, so a run of equal
 * lengths wastes nothing; a long message fills the lanes with its own chunks.
 *
 * @param base - the address of the loaded bytes
 * @param spans - `count` pairs of u32: offset in the loaded bytes, length
 * @param outs - 32 × count bytes
 * @param values - room for the chaining values of the longest message: 32 bytes for each of its chunks
 * @returns false when a span ends behind the loaded bytes
 */
export function hashSpans(
  key: usize,
  base: usize,
  loaded: u32,
  spans: usize,
  count: u32,
  outs: usize,
  values: usize,
): bool {
  let lanes: usize = 0;
  for (let i: u32 = 0; i < count; i++) {
    const offset = load<u32>(spans);
    const length = load<u32>(spans, 4);
    if (u64(offset) + u64(length) > u64(loaded)) return false;
    if (length > u32(CHUNK_BYTES)) {
      hashLong(key, base + offset, length, values, outs);
    } else {
      wait(lanes++, base + offset, length, outs);
      if (lanes === 4) {
        hashWaiting(key);
        lanes = 0;
      }
    }
    spans += 8;
    outs += HASH_BYTES;
  }
  if (lanes > 0) {
    while (lanes < 4) wait(lanes++, base, 0, unused);
    hashWaiting(key);
  }
  return true;
}

/**
 * The chaining values of neighbouring chunks.
 *
 * @param p - the first chunk; all but the last are full
 * @param bytes - at least 1
 * @param first - the number of the first chunk in its message
 * @param values - 32 bytes for each chunk
 */
export function hashChunkValues(key: usize, p: usize, bytes: u32, first: u32, values: usize): void {
  let left = i32(bytes);
  while (left > 0) {
    const n0 = min(left, CHUNK_BYTES);
    const n1 = min(max(left - CHUNK_BYTES, 0), CHUNK_BYTES);
    const n2 = min(max(left - 2 * CHUNK_BYTES, 0), CHUNK_BYTES);
    const n3 = min(max(left - 3 * CHUNK_BYTES, 0), CHUNK_BYTES);
    const o1 = n1 > 0 ? values + HASH_BYTES : unused;
    const o2 = n2 > 0 ? values + 2 * HASH_BYTES : unused;
    const o3 = n3 > 0 ? values + 3 * HASH_BYTES : unused;
    hashChunks4(key, first, p, n0, n1, n2, n3, values, o1, o2, o3);
    p += 4 * CHUNK_BYTES;
    values += 4 * HASH_BYTES;
    first += 4;
    left -= 4 * CHUNK_BYTES;
  }
}

/**
 * The hash of a message from the chaining values of its chunks, which it uses up: the hash ends where they began.
 *
 * @param count - the number of chunks, at least 2: the only chunk of a message has other flags
 */
export function foldChunkValues(key: usize, values: usize, count: u32): void {
  while (count > 1) count = foldLevel(key, count > 2 ? PARENT_FLAGS : ROOT_PARENT_FLAGS, values, count);
}

/** The Merkle root of leaf hashes, which it uses up: the root ends where they began. */
export function foldMerkleTree(key: usize, leaves: usize, count: u32): void {
  while (count > 1) count = foldLevel(key, PAIR_FLAGS, leaves, count);
}

/**
 * Replaces neighbours by their parents, four pairs at a time, and carries an odd last one up. Level by level this
 * gives the tree whose left part is the largest power of two: that of RFC 6962 and that of BLAKE3's chunks (2.1).
 *
 * @returns the number of parents
 */
function foldLevel(key: usize, flags: i32, values: usize, count: u32): u32 {
  const pairs = count >> 1;
  for (let i: u32 = 0; i < pairs; i += 4) {
    // Lanes behind the last pair do it again: a lane's output may lie on its own input, as all is read first.
    const i1 = min(i + 1, pairs - 1);
    const i2 = min(i + 2, pairs - 1);
    const i3 = min(i + 3, pairs - 1);
    const l0 = values + (i << 6);
    const l1 = values + (i1 << 6);
    const l2 = values + (i2 << 6);
    const l3 = values + (i3 << 6);
    const o0 = values + (i << 5);
    const o1 = values + (i1 << 5);
    const o2 = values + (i2 << 5);
    const o3 = values + (i3 << 5);
    compressNodes4(key, flags, l0, l1, l2, l3, l0 + 32, l1 + 32, l2 + 32, l3 + 32, o0, o1, o2, o3);
  }
  if (count & 1) memory.copy(values + (pairs << 5), values + ((count - 1) << 5), HASH_BYTES);
  return pairs + (count & 1);
}

/** Hashes a message of more than one chunk. */
function hashLong(key: usize, p: usize, bytes: u32, values: usize, out: usize): void {
  hashChunkValues(key, p, bytes, 0, values);
  foldChunkValues(key, values, (bytes + u32(CHUNK_BYTES) - 1) >> CHUNK_BYTES_LOG2);
  memory.copy(out, values, HASH_BYTES);
}

/** Puts a message into a lane. */
function wait(lane: usize, p: usize, bytes: u32, out: usize): void {
  const entry = waiting + 12 * lane;
  store<u32>(entry, u32(p));
  store<u32>(entry, bytes, 4);
  store<u32>(entry, u32(out), 8);
}

/** Hashes the messages in the four lanes. */
function hashWaiting(key: usize): void {
  hashLanes4(
    key,
    load<u32>(waiting),
    load<u32>(waiting, 12),
    load<u32>(waiting, 24),
    load<u32>(waiting, 36),
    load<u32>(waiting, 4),
    load<u32>(waiting, 16),
    load<u32>(waiting, 28),
    load<u32>(waiting, 40),
    load<u32>(waiting, 8),
    load<u32>(waiting, 20),
    load<u32>(waiting, 32),
    load<u32>(waiting, 44),
  );
}
