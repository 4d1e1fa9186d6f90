import { assert } from '@calin/core/base/assert.ts';
import type { NonceSearch } from '@calin/core/consensus/pow/search-nonce.ts';
import { NONCE_BYTES } from '@calin/core/consensus/pow/work.ts';
import { domainKey, type Hash } from '@calin/core/crypto/hash.ts';
import { loadKernel } from './load-kernel.ts';
import { allocateRegion } from './region.ts';

/** Attempts that are made at a time, in the lanes of SIMD registers. */
const LANES = 4;

/** {@link searchNonce} of core, in the kernel. The attempts are a multiple of four. */
export type SearchNonce = (message: Hash, target: bigint, first: number, attemptsMax: number) => NonceSearch;

/** A search with a memory of its own; what it finds, and after how many attempts, is what its twin in core finds. */
export function createKernelNonceSearch(): SearchNonce {
  const kernel = loadKernel();
  const [key, message, target] = [32, 32, 32].map((bytes) => allocateRegion(kernel, bytes).address) as [
    number,
    number,
    number,
  ];
  const write = (address: number, bytes: Uint8Array) =>
    new Uint8Array(kernel.memory.buffer).set(bytes, address);
  write(key, domainKey('work'));
  return (sealHash, most, first, attemptsMax) => {
    assert(sealHash.length === 32 && attemptsMax % LANES === 0, 'a hash, and attempts four at a time');
    write(message, sealHash);
    write(target, bytesOf(most));
    const attempts = kernel.searchNonce(key, message, target, BigInt(first), attemptsMax) >>> 0;
    if (attempts === 0) return { attempts: attemptsMax, nonce: undefined };
    const nonce = new Uint8Array(NONCE_BYTES);
    new DataView(nonce.buffer).setBigUint64(0, BigInt(first + attempts - 1), true);
    return { attempts, nonce };
  };
}

/** A number of 256 bits, the highest byte first. */
function bytesOf(number: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < 4; at++)
    view.setBigUint64(8 * at, BigInt.asUintN(64, number >> BigInt(192 - 64 * at)));
  return bytes;
}
