/** Whoever reads a block whole may read up to this far behind its last byte, so the memory always ends later. */
const OVERREAD_BYTES: u32 = 64;

const PAGE_BYTES_LOG2: u64 = 16;

/** Pages of 4 GiB, all that a memory can have. */
const PAGES_MAX: u64 = 65536;

/** Where the next allocation may begin. */
let top: u64 = u64(__heap_base);

/**
 * Gives a piece of memory that is never given back; the memory grows as needed. Two calls in a row with alignment 1
 * give neighbours. New memory is zero.
 *
 * @param align - a power of two
 * @returns the address, or 0 when the memory cannot grow so far
 */
export function allocate(bytes: u32, align: u32): usize {
  const start: u64 = (top + u64(align) - 1) & ~(u64(align) - 1);
  const end: u64 = start + u64(bytes);
  if (!grow(end)) return 0;
  top = end;
  return usize(start);
}

/** Grows the memory so that `bytes` more can be allocated without growing it again. False when it cannot. */
export function ensure(bytes: u64): bool {
  return grow(top + bytes);
}

/**
 * Makes the memory reach up to `end` and what may be read behind it. It grows by an eighth at a time, where it can:
 * each growth gives JavaScript another buffer, which V8 counts as so many new bytes and answers by collecting garbage.
 * Pages that nobody has touched cost nothing.
 */
function grow(end: u64): bool {
  const pages: u64 = (end + u64(OVERREAD_BYTES) + (1 << PAGE_BYTES_LOG2) - 1) >> PAGE_BYTES_LOG2;
  const have: u64 = u64(memory.size());
  if (pages > PAGES_MAX) return false;
  if (pages <= have) return true;
  const eager: u64 = have + (have >> 3);
  if (eager > pages && eager <= PAGES_MAX && memory.grow(i32(eager - have)) >= 0) return true;
  return memory.grow(i32(pages - have)) >= 0;
}
