import { compressWork4, hashesOfWork } from './blake3.ts';
import { writeLanes } from './blake3-rounds.ts';

const HASH_BYTES: usize = 32;

/** What follows the first 32 bytes of the message in each lane: a nonce, and zeros up to the end of the block. */
const nonces: usize = memory.data(128, 16);
/** The hashes of the four lanes. */
const hashes: usize = memory.data(128, 16);

/**
 * Tries nonces one after the other, four at a time, until the hash of message and nonce is not above the target.
 *
 * @param message - 32 bytes
 * @param target - 32 bytes, the highest first
 * @param first - the first nonce; the last one tried is below 2^64
 * @param attemptsMax - a multiple of four
 * @returns the number of the first attempt that was good, from 1; 0 for none
 */
export function searchNonce(key: usize, message: usize, target: usize, first: u64, attemptsMax: u32): u32 {
  const top = bswap(load<u32>(target));
  for (let done: u32 = 0; done < attemptsMax; done += 4) {
    for (let lane: u32 = 0; lane < 4; lane++) {
      store<u64>(nonces + HASH_BYTES * usize(lane), first + u64(done + lane));
    }
    compressWork4(key, message, nonces);
    // Nearly every hash is refused by its first four bytes, and none of the others is put in order then.
    if (!mayBeGood(top)) continue;
    writeLanes(hashesOfWork, hashes, hashes + 32, hashes + 64, hashes + 96);
    for (let lane: u32 = 0; lane < 4; lane++) {
      if (isAtMost(hashes + HASH_BYTES * usize(lane), target)) return done + lane + 1;
    }
  }
  return 0;
}

/** True when the first word of one of the four hashes is not above that of the target. */
function mayBeGood(top: u32): bool {
  const words = v128.load(hashesOfWork);
  return (
    bswap(u32(i32x4.extract_lane(words, 0))) <= top ||
    bswap(u32(i32x4.extract_lane(words, 1))) <= top ||
    bswap(u32(i32x4.extract_lane(words, 2))) <= top ||
    bswap(u32(i32x4.extract_lane(words, 3))) <= top
  );
}

/** Compares numbers of 32 bytes, the highest first. */
function isAtMost(hash: usize, target: usize): bool {
  for (let at: usize = 0; at < HASH_BYTES; at += 8) {
    const got = bswap(load<u64>(hash + at));
    const most = bswap(load<u64>(target + at));
    if (got !== most) return got < most;
  }
  return true;
}
