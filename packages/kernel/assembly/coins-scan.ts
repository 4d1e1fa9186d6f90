import { sideHead } from './coins-bucket.ts';
import { bucketOf, nextBucket } from './coins-heap.ts';
import { isBefore } from './coins-key.ts';
import { addressOf, ENTRY_BYTES, FORK, headAt, tagOf } from './coins-memory.ts';

/** Where the next entry goes, and behind the last one that may. */
let out: usize = 0;
let outEnd: usize = 0;

/** Copies up to `countMax` entries in the order of their keys, from the first that is not before `from`. */
export function scanBuckets(from: usize, to: usize, countMax: u32): u32 {
  out = to;
  outEnd = to + countMax * ENTRY_BYTES;
  for (let h = bucketOf(from); h !== 0 && out < outEnd; h = nextBucket(h))
    scanHead(load<u32>(headAt(h)), from);
  return <u32>(out - to) / ENTRY_BYTES;
}

function scanHead(head: u32, from: usize): void {
  const at = addressOf(head);
  if (tagOf(head) === FORK) {
    scanHead(load<u32>(sideHead(at, 0)), from);
    scanHead(load<u32>(sideHead(at, 1)), from);
    return;
  }
  const end = at + tagOf(head) * ENTRY_BYTES;
  for (let entry = at; entry < end && out < outEnd; entry += ENTRY_BYTES) {
    if (isBefore(entry, from)) continue;
    memory.copy(out, entry, ENTRY_BYTES);
    out += ENTRY_BYTES;
  }
}
