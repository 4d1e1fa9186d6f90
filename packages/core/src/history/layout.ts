import type { Hash } from '../crypto/hash.ts';
import type { Address } from '../primitives/address.ts';

/**
 * The keys of the history in the store, beside those of chain/layout.ts; numbers in keys are big-endian.
 *
 *     i                      → the last block in the history: id 32, height u32; absent while that is genesis
 *     x txid 32              → where the transaction is: block id 32, height u32, position u32
 *     a address 32           → how many entries the address has: u32
 *     e address 32, n u32    → entry n, oldest first: txid 32, height u32, position u32, direction u8
 */
export const historyLayout = {
  indexed: Uint8Array.of(0x69),
  transaction: (txid: Hash): Uint8Array => tagged(0x78, txid, 33),
  count: (address: Address): Uint8Array => tagged(0x61, address, 33),
  entry: (address: Address, n: number): Uint8Array => {
    const key = tagged(0x65, address, 37);
    for (let i = 0; i < 4; i++) key[33 + i] = n >>> (24 - 8 * i);
    return key;
  },
} as const;

/** A key of some bytes that begins with a tag and a hash. */
function tagged(tag: number, hash: Hash, length: number): Uint8Array {
  const key = new Uint8Array(length);
  key[0] = tag;
  key.set(hash, 1);
  return key;
}
