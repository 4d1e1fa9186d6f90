/** Bits of a key. */
const KEY_BITS: u32 = 256;

/** Bit `depth` of the key at an address: the most significant bit of byte 0 is bit 0. */
export function bitAt(key: usize, depth: u32): u32 {
  return (<u32>load<u8>(key + (depth >> 3)) >> (7 - (depth & 7))) & 1;
}

/** Eight bytes of a key as a number that orders as the bytes do. */
function ordered(key: usize): u64 {
  return bswap<u64>(load<u64>(key));
}

/** How many bits two keys have in common from the first on; 256 for equal ones. */
export function commonBits(a: usize, b: usize): u32 {
  for (let at: u32 = 0; at < 32; at += 8) {
    const difference = load<u64>(a + at) ^ load<u64>(b + at);
    if (difference !== 0) return (at << 3) + <u32>clz<u64>(bswap<u64>(difference));
  }
  return KEY_BITS;
}

/** True when two keys are the same. */
export function sameKey(a: usize, b: usize): bool {
  const first = v128.xor(v128.load(a), v128.load(b));
  const second = v128.xor(v128.load(a, 16), v128.load(b, 16));
  return !v128.any_true(v128.or(first, second));
}

/** True when the key at `a` comes before the one at `b`. */
export function isBefore(a: usize, b: usize): bool {
  for (let at: usize = 0; at < 32; at += 8) {
    const left = ordered(a + at);
    const right = ordered(b + at);
    if (left !== right) return left < right;
  }
  return false;
}
