import type { Amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { parseUtf8, utf8Bytes } from '../base/text.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import { type Hash, hash } from '../crypto/hash.ts';
import type { Address } from '../primitives/address.ts';
import { OUTPOINT_BYTES, type Outpoint, writeOutpoint } from '../primitives/outpoint.ts';
import type { AssetId } from '../primitives/output.ts';
import { NAMESPACE } from '../state/namespaces.ts';
import type { Overlay, StateView } from '../state/view.ts';

/** What the ledger keeps about an issued asset. */
export interface Token {
  /** 1 to 12 of A-Z and 0-9. Not unique: the asset id is. */
  readonly symbol: string;
  /** At most 64 bytes of UTF-8. */
  readonly name: string;
  /** Digits shown after the point, 0 to 18. The ledger only knows base units. */
  readonly decimals: number;
  /** Most base units that may exist at a time. */
  readonly supplyMax: Amount;
  /** Base units that exist: the sum of all coins of this asset. */
  readonly supply: Amount;
  /** Who may mint; 32 zeros when nobody may. */
  readonly minter: Address;
  /** Height of the block that created it. */
  readonly height: number;
  /** The transaction that created it. */
  readonly txid: Hash;
}

/**
 * The id of the token that action `actionIndex` of a transaction creates: the first 8 bytes, as a little-endian
 * number masked to 53 bits, of BLAKE3 in the domain `asset` over the first input (36 bytes) and the index (u32). It
 * follows from the input and not from the txid, so the outputs of the same transaction can name it.
 *
 * @param outpoint - the transaction's first input; a coin is spent once, so no two tokens share it
 */
export function tokenId(outpoint: Outpoint, actionIndex: number): AssetId {
  const writer = new Writer(OUTPOINT_BYTES + 4);
  writeOutpoint(writer, outpoint);
  const digest = hash('asset', writer.u32(actionIndex).finish());
  const reader = new Reader(digest);
  const low = reader.u32();
  return low + (reader.u32() & 0x1f_ffff) * 0x1_0000_0000;
}

/** The storage key of an asset: its id as u64. */
export function assetKey(asset: AssetId): Uint8Array {
  return new Writer(8).u53(asset).finish();
}

/** The token with an id, if it was created. */
export function readToken(view: StateView, asset: AssetId): Token | undefined {
  const value = view.value(NAMESPACE.token, assetKey(asset));
  return value === undefined ? undefined : decodeToken(value);
}

/** Sets the record of a token. */
export function writeToken(overlay: Overlay, asset: AssetId, token: Token): void {
  overlay.setValue(NAMESPACE.token, assetKey(asset), encodeToken(token));
}

/**
 * The record: supplyMax u64, supply u64, minter 32, txid 32, height u32, decimals u8, symbolBytes u8, nameBytes u8,
 * zero u8, symbol, name.
 */
function encodeToken(token: Token): Uint8Array {
  const symbol = utf8Bytes(token.symbol);
  const name = utf8Bytes(token.name);
  const writer = new Writer(160).u53(token.supplyMax).u53(token.supply).hash(token.minter).hash(token.txid);
  writer.u32(token.height).u8(token.decimals).u8(symbol.length).u8(name.length).u8(0);
  return writer.bytes(symbol).bytes(name).finish();
}

/**
 * Reads a record that the ledger wrote.
 *
 * @throws AssertionError when it is malformed
 */
function decodeToken(bytes: Uint8Array): Token {
  const reader = new Reader(bytes);
  const supplyMax = reader.u53() as Amount;
  const supply = reader.u53() as Amount;
  const minter = reader.hash();
  const txid = reader.hash();
  const height = reader.u32();
  const decimals = reader.u8();
  const symbolBytes = reader.u8();
  const nameBytes = reader.u8();
  reader.canonical(reader.u8() === 0, 'the unused byte of a token record is zero');
  const symbol = parseUtf8(reader.take(symbolBytes)) ?? '';
  const name = parseUtf8(reader.take(nameBytes)) ?? '';
  const token = reader.finish({ symbol, name, decimals, supplyMax, supply, minter, height, txid });
  assert(token.ok, 'malformed token record');
  return token.value;
}
