import { allocate } from './memory.ts';

/** Bytes of an entry: key 32, record 56. */
export const ENTRY_BYTES: u32 = 88;

/** Entries of the largest block. 15, the last value of a tag, stands for a fork instead. */
export const BLOCK_ENTRIES_MAX: u32 = 14;

/** The tag of a subtree that has outgrown a block. */
export const FORK: u32 = 15;

/** Bytes of a fork; the fields are in coins-bucket.ts. */
const FORK_BYTES: u32 = 80;

/** Blocks begin at multiples of 16, which leaves four bits of an address to the tag. */
const ALIGN: u32 = 16;

/** For each tag the first of the pieces that were given back; each begins with the address of the next. */
const freed: usize = memory.data(64, 16);

/*
 * The bucket heap. Node h has the children 2h and 2h + 1; of the nodes 1 to 2n − 1 the last n are the buckets. So the
 * heap grows at its end alone. It lies in pieces of 4096 nodes: their hashes, then their heads.
 */
const CHUNK_NODES_LOG2: u32 = 12;
const CHUNK_NODES: u32 = 1 << CHUNK_NODES_LOG2;
const CHUNK_BYTES: u32 = CHUNK_NODES * 36;
const CHUNKS_MAX: u32 = 1 << 15;

/** The addresses of the pieces of the heap. */
let chunks: usize = 0;
let chunkCount: u32 = 0;

/** Nodes that the directory has room for: 2^27, with numbers of 27 bits. Memory ends long before. */
export const HEAP_NODES_MAX: u32 = CHUNKS_MAX << CHUNK_NODES_LOG2;

/** Lays out the heap with room for its first nodes. */
export function initHeap(): void {
  chunks = take(CHUNKS_MAX << 2, 16);
  growHeap(2);
}

/** Memory for good. No memory is the end: room has been made before. */
export function take(bytes: u32, align: u32): usize {
  const at = allocate(bytes, align);
  if (at === 0) unreachable();
  return at;
}

/** Makes the nodes below `nodes` exist; new ones are empty. */
export function growHeap(nodes: u32): void {
  while (chunkCount << CHUNK_NODES_LOG2 < nodes) {
    if (chunkCount === CHUNKS_MAX) unreachable();
    store<usize>(chunks + ((<usize>chunkCount) << 2), take(CHUNK_BYTES, 64));
    chunkCount++;
  }
}

/** The address of the hash of node h of the heap; a pair of siblings is one line of the cache. */
export function hashAt(h: u32): usize {
  return load<usize>(chunks + ((h >> CHUNK_NODES_LOG2) << 2)) + ((h & (CHUNK_NODES - 1)) << 5);
}

/**
 * The address of the head of node h. A head says what a subtree holds: the tag in the upper four bits (entries, or
 * {@link FORK}), the address of the block or fork ÷ 16 in the lower 28; 0 is empty. A node of the heap above the
 * buckets has 0, 1 or 2 (two or more) as its tag and no address.
 */
export function headAt(h: u32): usize {
  const chunk = load<usize>(chunks + ((h >> CHUNK_NODES_LOG2) << 2));
  return chunk + (CHUNK_NODES << 5) + ((h & (CHUNK_NODES - 1)) << 2);
}

/** The entries below a head, or {@link FORK}. */
export function tagOf(head: u32): u32 {
  return head >> 28;
}

/** The address of the block or fork of a head. */
export function addressOf(head: u32): usize {
  return <usize>(head << 4);
}

/** A head for a block or fork. */
export function headOf(tag: u32, at: usize): u32 {
  return (tag << 28) | (<u32>at >> 4);
}

/** A new block for so many entries, or a new fork. What it holds is left over from before. */
export function takeBlock(tag: u32): usize {
  const list = freed + (tag << 2);
  const at = load<usize>(list);
  if (at === 0) return take(blockBytes(tag), ALIGN);
  store<usize>(list, load<usize>(at));
  return at;
}

/** Gives a block or fork back, for the next one of its size. */
export function freeBlock(tag: u32, at: usize): void {
  const list = freed + (tag << 2);
  store<usize>(at, load<usize>(list));
  store<usize>(list, at);
}

function blockBytes(tag: u32): u32 {
  if (tag === FORK) return FORK_BYTES;
  return (tag * ENTRY_BYTES + (ALIGN - 1)) & ~(ALIGN - 1);
}
