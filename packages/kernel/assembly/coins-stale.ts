import { take } from './coins-memory.ts';

/**
 * Buckets that wait for their hash; one may be in the list twice. More than any block of 2 MiB can change, which makes
 * 43,000 coins at most and parts half as many buckets: hashing is left to whoever asks for it, who may do it in pieces.
 */
const STALE_MAX: u32 = 1 << 17;

/** A digit of the sort: two or three of them cover the numbers of the heap. */
const DIGIT_BITS: u32 = 9;
const DIGITS: u32 = 1 << DIGIT_BITS;

/** Below this many a sort by insertion is faster than to clear and add up the counts of the digits. */
const INSERTION_MAX: u32 = 48;

let list: usize = 0;
let spare: usize = 0;
let count: u32 = 0;
const digitStarts: usize = memory.data(2048, 16);

/** Lays out the list. */
export function initStale(): void {
  list = take(STALE_MAX << 2, 16);
  spare = take(STALE_MAX << 2, 16);
}

/** Says that a bucket's hash is out of date. There must be room ({@link staleRoom}). */
export function markStale(h: u32): void {
  store<u32>(list + (count << 2), h);
  count++;
}

/** How many more buckets fit. */
export function staleRoom(): u32 {
  return STALE_MAX - count;
}

/** The address of the list. */
export function staleList(): usize {
  return list;
}

/** An address with as much room as the list. */
export function staleSpare(): usize {
  return spare;
}

/** Takes the first ones out of the list. */
export function dropStale(size: u32): void {
  count -= size;
  memory.copy(list, list + (size << 2), count << 2);
}

/**
 * Puts the list in ascending order, each bucket once, without the nodes below `first`: buckets that have been parted
 * since, whose halves are in the list.
 *
 * @returns how many are left
 */
export function sortStale(first: u32): u32 {
  if (count <= INSERTION_MAX) sortByInsertion();
  else sortByDigits(32 - <u32>clz<u32>(first << 1));
  let kept: u32 = 0;
  let last: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const h = load<u32>(list + (i << 2));
    if (h < first || h === last) continue;
    store<u32>(list + (kept << 2), h);
    kept++;
    last = h;
  }
  count = kept;
  return kept;
}

function sortByInsertion(): void {
  for (let i: u32 = 1; i < count; i++) {
    const h = load<u32>(list + (i << 2));
    let at = list + (i << 2);
    for (; at > list && load<u32>(at - 4) > h; at -= 4) store<u32>(at, load<u32>(at - 4));
    store<u32>(at, h);
  }
}

/** Radix sort from the least digit on. */
function sortByDigits(bits: u32): void {
  for (let shift: u32 = 0; shift < bits; shift += DIGIT_BITS) {
    memory.fill(digitStarts, 0, DIGITS << 2);
    for (let i: u32 = 0; i < count; i++) {
      const start = digitStarts + (digit(load<u32>(list + (i << 2)), shift) << 2);
      store<u32>(start, load<u32>(start) + 1);
    }
    let sum: u32 = 0;
    for (let at = digitStarts; at < digitStarts + (DIGITS << 2); at += 4) {
      const own = load<u32>(at);
      store<u32>(at, sum);
      sum += own;
    }
    for (let i: u32 = 0; i < count; i++) {
      const h = load<u32>(list + (i << 2));
      const start = digitStarts + (digit(h, shift) << 2);
      const place = load<u32>(start);
      store<u32>(start, place + 1);
      store<u32>(spare + (place << 2), h);
    }
    const sorted = spare;
    spare = list;
    list = sorted;
  }
}

function digit(h: u32, shift: u32): u32 {
  return (h >> shift) & (DIGITS - 1);
}
