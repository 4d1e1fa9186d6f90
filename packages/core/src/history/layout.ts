import { Writer } from '../codec/writer.ts';
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
  transaction: (txid: Hash): Uint8Array => new Writer(33).u8(0x78).bytes(txid).finish(),
  count: (address: Address): Uint8Array => new Writer(33).u8(0x61).bytes(address).finish(),
  entry: (address: Address, n: number): Uint8Array =>
    Uint8Array.of(0x65, ...address, n >>> 24, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff),
} as const;
