import type { Amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import { type Hash, hash } from '../crypto/hash.ts';
import type { Address } from '../primitives/address.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import type { AssetId } from '../primitives/output.ts';

/** An output that has not been spent, with what the rules need to know about its origin. */
export interface Coin {
  /** Position among the outputs of its transaction, so that the outpoint can be told from key and record. */
  readonly index: number;
  readonly asset: AssetId;
  readonly amount: Amount;
  readonly address: Address;
  /** Height of the block that created it. */
  readonly height: number;
  /** Created by the reward transaction of its block, so it must mature before it is spent. */
  readonly reward: boolean;
}

/** Bytes of a coin's record: asset u64, amount u64, address 32, height u32, origin u32 (index × 2 + reward). */
export const COIN_BYTES = 56;

/** The index shares a word with the reward bit. */
export const COIN_INDEX_MAX = 0x7fff_ffff;

/**
 * The key of an output in the coins map: the txid with its first 4 bytes, read as a little-endian u32, XORed with
 * {@link fmix32} of the index. It costs no hash; see docs/reference/state.md#coins for why no two outputs share it.
 *
 * @param index - u32
 */
export function coinKey(txid: Hash, index: number): Hash {
  const key = txid.slice();
  const mask = fmix32(index);
  for (let i = 0; i < 4; i++) key[i] = (key[i] as number) ^ ((mask >>> (8 * i)) & 0xff);
  return key;
}

/** The outpoint of a coin under its key: {@link coinKey} undone. */
export function coinOutpoint(key: Hash, coin: Coin): Outpoint {
  return { txid: coinKey(key, coin.index), index: coin.index };
}

/**
 * The finalizer of MurmurHash3 (Austin Appleby, public domain): a bijection of 32-bit words that spreads small
 * numbers over all bits. fmix32(0) = 0.
 */
export function fmix32(word: number): number {
  let mixed = word >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The hash that the coins map holds for a coin. */
export function coinHash(coin: Coin): Hash {
  return hash('coin', encodeCoin(coin));
}

/** The record of a coin, {@link COIN_BYTES} bytes. */
export function encodeCoin(coin: Coin): Uint8Array {
  const writer = new Writer(COIN_BYTES);
  writeCoin(writer, coin);
  return writer.finish();
}

/** Reads exactly one record of a stranger. Refuses what {@link encodeCoin} would not write. */
export function parseCoin(bytes: Uint8Array): Result<Coin> {
  const reader = new Reader(bytes);
  return reader.finish(readCoin(reader));
}

/**
 * Reads a record that this program wrote.
 *
 * @throws AssertionError when it is malformed
 */
export function decodeCoin(bytes: Uint8Array): Coin {
  const parsed = parseCoin(bytes);
  assert(parsed.ok, 'malformed coin record');
  return parsed.value;
}

/** Writes the record of {@link encodeCoin}. */
export function writeCoin(writer: Writer, { index, asset, amount, address, height, reward }: Coin): void {
  assert(index <= COIN_INDEX_MAX, `an index of a coin is at most ${COIN_INDEX_MAX}, not ${index}`);
  assert(address.length === 32, `an address has 32 bytes, not ${address.length}`);
  writer
    .u53(asset)
    .u53(amount)
    .bytes(address)
    .u32(height)
    .u32(index * 2 + (reward ? 1 : 0));
}

/** Reads the record of {@link encodeCoin}: every 56 bytes whose numbers are in range are one. */
export function readCoin(reader: Reader): Coin {
  const asset = reader.u53();
  // u53 has refused everything above 2^53 − 1, so the brand holds.
  const amount = reader.u53() as Amount;
  const address = reader.hash();
  const height = reader.u32();
  const origin = reader.u32();
  return { index: origin >>> 1, asset, amount, address, height, reward: (origin & 1) === 1 };
}

/** True when both have the same record. */
export function equalCoins(a: Coin, b: Coin): boolean {
  const sameNumbers = a.asset === b.asset && a.amount === b.amount && a.height === b.height;
  return sameNumbers && a.index === b.index && a.reward === b.reward && equalBytes(a.address, b.address);
}
