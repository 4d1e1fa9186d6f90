import type { Hash } from '../crypto/hash.ts';
import type { Address } from '../primitives/address.ts';

/**
 * The keys of the history in the store, beside those of chain/layout.ts; numbers in keys are big-endian.
 *
 *     i                         → the last block in the history: id 32, height u32; absent while that is genesis
 *     x txid 32                 → where the transaction is: height u32, position u32
 *     y height u32, part u32    → the txids of up to 64 transactions of a block, from position 64 × part on: each 32
 *     a address 32              → how many entries the address has: u32; then those that fill no page, oldest first
 *     e address 32, page u32    → the 32 entries from number 32 × page on, oldest first; the newest are always in `a`
 *
 * An entry is height u32, place u32; a place is 4 × position, + 1 when the transaction pays the address, + 2 when the
 * address agreed to it. A record costs a node far more time and disk than the bytes in it, so there is one for each
 * transaction and one for each address in a block, and a txid is written out once.
 */
export const historyLayout = {
  indexed: Uint8Array.of(0x69),
  transaction: (txid: Hash): Uint8Array => tagged(0x78, txid, 33),
  txids: (height: number, part: number): Uint8Array => {
    const key = new Uint8Array(9);
    key[0] = 0x79;
    setNumber(key, 1, height);
    setNumber(key, 5, part);
    return key;
  },
  account: (address: Address): Uint8Array => tagged(0x61, address, 33),
  page: (address: Address, page: number): Uint8Array => {
    const key = tagged(0x65, address, 37);
    setNumber(key, 33, page);
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

function setNumber(key: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) key[at + i] = value >>> (24 - 8 * i);
}
