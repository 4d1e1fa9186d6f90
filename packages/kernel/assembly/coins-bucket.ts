import { bitAt, isBefore, sameKey } from './coins-key.ts';
import {
  addressOf,
  BLOCK_ENTRIES_MAX,
  ENTRY_BYTES,
  FORK,
  freeBlock,
  headOf,
  tagOf,
  takeBlock,
} from './coins-memory.ts';

/*
 * What hangs on a head: a block, which is entries end to end in the order of their keys, or a fork, which parts them
 * by their next bit. A fork has at least FORK_ENTRIES_MIN entries below, so only a bucket that is fuller than chance
 * would make it has one. Its 80 bytes: the heads of both sides, u32 each; for each side a byte that is 1 when its hash
 * is out of date; 6 bytes unused; the hashes of both sides, 32 each.
 */
const STALE: usize = 8;
const SIDE_HASHES: usize = 16;

/** Fewer entries go back into one block: half of what made a fork, so that one coin cannot go to and fro for long. */
const FORK_ENTRIES_MIN: u32 = 8;

/** The address of the head of a fork's side. */
export function sideHead(fork: usize, side: u32): usize {
  return fork + (side << 2);
}

/** The address of the hash of a fork's side. */
export function sideHash(fork: usize, side: u32): usize {
  return fork + SIDE_HASHES + (side << 5);
}

/** The address of the byte that says whether the hash of a fork's side is out of date. */
export function sideStale(fork: usize, side: u32): usize {
  return fork + STALE + side;
}

/** The address of the entry of a key below a head, or 0. */
export function findEntry(head: u32, depth: u32, key: usize): usize {
  while (tagOf(head) === FORK) {
    head = load<u32>(sideHead(addressOf(head), bitAt(key, depth)));
    depth++;
  }
  return findInBlock(head, key);
}

/** Puts a copy of an entry below the head at `slot`, a subtree of `depth` bits. False when its key is there. */
export function insertEntry(slot: usize, depth: u32, entry: usize): bool {
  let head = load<u32>(slot);
  // Two different keys part within 256 bits, so there is always a bit to fork at.
  while (tagOf(head) >= BLOCK_ENTRIES_MAX) {
    if (tagOf(head) !== FORK) {
      if (findInBlock(head, entry) !== 0) return false;
      makeFork(slot, depth);
      head = load<u32>(slot);
    }
    const fork = addressOf(head);
    const side = bitAt(entry, depth);
    // An entry that is refused is the end of the map, so it does no harm that its way is marked already.
    store<u8>(sideStale(fork, side), 1);
    slot = sideHead(fork, side);
    head = load<u32>(slot);
    depth++;
  }
  return insertInBlock(slot, head, entry);
}

/** Takes the entry of a key from below the head at `slot`. False when there is none. */
export function removeEntry(slot: usize, depth: u32, key: usize): bool {
  const head = load<u32>(slot);
  if (tagOf(head) !== FORK) return removeFromBlock(slot, head, key);
  const fork = addressOf(head);
  const side = bitAt(key, depth);
  store<u8>(sideStale(fork, side), 1);
  if (!removeEntry(sideHead(fork, side), depth + 1, key)) return false;
  joinFork(slot, fork);
  return true;
}

/** Parts what is below a head by bit `depth` into two heads. */
export function splitHead(head: u32, depth: u32, left: usize, right: usize): void {
  const tag = tagOf(head);
  const at = addressOf(head);
  if (tag === FORK) {
    store<u32>(left, load<u32>(sideHead(at, 0)));
    store<u32>(right, load<u32>(sideHead(at, 1)));
    freeBlock(FORK, at);
    return;
  }
  let before: u32 = 0;
  while (before < tag && bitAt(at + before * ENTRY_BYTES, depth) === 0) before++;
  if (before === 0 || before === tag) {
    store<u32>(left, before === 0 ? 0 : head);
    store<u32>(right, before === 0 ? head : 0);
    return;
  }
  store<u32>(left, copyBlock(at, before));
  store<u32>(right, copyBlock(at + before * ENTRY_BYTES, tag - before));
  freeBlock(tag, at);
}

function findInBlock(head: u32, key: usize): usize {
  let at = addressOf(head);
  const end = at + tagOf(head) * ENTRY_BYTES;
  for (const first = load<u64>(key); at < end; at += ENTRY_BYTES) {
    if (load<u64>(at) === first && sameKey(at, key)) return at;
  }
  return 0;
}

/** Every size of block is full, so an entry more is a copy into the next size. */
function insertInBlock(slot: usize, head: u32, entry: usize): bool {
  const tag = tagOf(head);
  const at = addressOf(head);
  let before: u32 = 0;
  while (before < tag && isBefore(at + before * ENTRY_BYTES, entry)) before++;
  const place = at + before * ENTRY_BYTES;
  if (before < tag && sameKey(place, entry)) return false;
  const to = takeBlock(tag + 1);
  copyEntries(to, at, before);
  copyEntries(to + before * ENTRY_BYTES, entry, 1);
  copyEntries(to + (before + 1) * ENTRY_BYTES, place, tag - before);
  if (tag !== 0) freeBlock(tag, at);
  store<u32>(slot, headOf(tag + 1, to));
  return true;
}

function removeFromBlock(slot: usize, head: u32, key: usize): bool {
  const place = findInBlock(head, key);
  if (place === 0) return false;
  const tag = tagOf(head);
  const at = addressOf(head);
  if (tag === 1) {
    store<u32>(slot, 0);
  } else {
    const to = takeBlock(tag - 1);
    const before = <u32>(place - at) / ENTRY_BYTES;
    copyEntries(to, at, before);
    copyEntries(to + before * ENTRY_BYTES, place + ENTRY_BYTES, tag - 1 - before);
    store<u32>(slot, headOf(tag - 1, to));
  }
  freeBlock(tag, at);
  return true;
}

/** The head of a new block with so many entries from an address. */
function copyBlock(from: usize, entries: u32): u32 {
  const to = takeBlock(entries);
  copyEntries(to, from, entries);
  return headOf(entries, to);
}

/** Copies entries that do not overlap; so few bytes are slower by the instruction for large copies. */
function copyEntries(to: usize, from: usize, entries: u32): void {
  for (const end = from + entries * ENTRY_BYTES; from < end; from += ENTRY_BYTES, to += ENTRY_BYTES) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
    v128.store(to, v128.load(from, 64), 64);
    store<u64>(to, load<u64>(from, 80), 80);
  }
}

/** Puts a fork in the place of a block. */
function makeFork(slot: usize, depth: u32): void {
  const fork = takeBlock(FORK);
  splitHead(load<u32>(slot), depth, sideHead(fork, 0), sideHead(fork, 1));
  store<u8>(sideStale(fork, 0), 1);
  store<u8>(sideStale(fork, 1), 1);
  store<u32>(slot, headOf(FORK, fork));
}

/** Puts a block back in the place of a fork of few entries. */
function joinFork(slot: usize, fork: usize): void {
  const left = load<u32>(sideHead(fork, 0));
  const right = load<u32>(sideHead(fork, 1));
  const entries = tagOf(left) + tagOf(right);
  // A side that is a fork itself counts 15 here.
  if (entries >= FORK_ENTRIES_MIN) return;
  const to = takeBlock(entries);
  copyEntries(to, addressOf(left), tagOf(left));
  copyEntries(to + tagOf(left) * ENTRY_BYTES, addressOf(right), tagOf(right));
  if (left !== 0) freeBlock(tagOf(left), addressOf(left));
  if (right !== 0) freeBlock(tagOf(right), addressOf(right));
  freeBlock(FORK, fork);
  store<u32>(slot, headOf(entries, to));
}
