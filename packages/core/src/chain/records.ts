import { assert } from '../base/assert.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { Hash } from '../crypto/hash.ts';
import {
  encodeManifest,
  parseManifest,
  SNAPSHOT_CHUNKS_MAX,
  type SnapshotManifest,
} from '../state/snapshot.ts';
import { SIDE_BLOCKS_LIMIT } from './limits.ts';

/** Whose store it is. */
export interface MetaRecord {
  readonly formatVersion: number;
  readonly chainId: Hash;
}

/** The bytes of the record `m`; see layout.ts. */
export function encodeMeta(meta: MetaRecord): Uint8Array {
  return new Writer(36).u32(meta.formatVersion).bytes(meta.chainId).finish();
}

/** Reads the record `m`. Refuses by `codec/…`. */
export function parseMeta(bytes: Uint8Array): Result<MetaRecord> {
  const reader = new Reader(bytes);
  return reader.finish({ formatVersion: reader.u32(), chainId: reader.hash() });
}

/** Where the best branch ends. Part of every batch of the chain. */
export interface HeadRecord {
  readonly id: Hash;
  readonly height: number;
  /** Of the last final block; it never goes back, whatever becomes the head. */
  readonly finalHeight: number;
  /** Counts the batches of the chain. */
  readonly sequence: number;
  /** Weight of the best branch from genesis on; below 2^256. */
  readonly weight: bigint;
}

/** The bytes of the record `t`; see layout.ts. */
export function encodeHead(head: HeadRecord): Uint8Array {
  const writer = new Writer(80).bytes(head.id).u32(head.height).u32(head.finalHeight).u53(head.sequence);
  return writer.bytes(encodeWeight(head.weight)).finish();
}

/** Reads the record `t`. Refuses by `codec/…`. */
export function parseHead(bytes: Uint8Array): Result<HeadRecord> {
  const reader = new Reader(bytes);
  const id = reader.hash();
  const height = reader.u32();
  const finalHeight = reader.u32();
  reader.canonical(finalHeight <= height, 'the last final block is not above the head');
  const sequence = reader.u53();
  return reader.finish({ id, height, finalHeight, sequence, weight: BigInt(`0x${toHex(reader.hash())}`) });
}

/** The heights up to which something was deleted of the best branch, from 1 on; 0 when nothing was. */
export interface PrunedRecord {
  /** Blocks and receipts. Headers stay. */
  readonly blocks: number;
  /** Undo records. */
  readonly undo: number;
}

/** The bytes of the record `l`; see layout.ts. */
export function encodePruned({ blocks, undo }: PrunedRecord): Uint8Array {
  return new Writer(8).u32(blocks).u32(undo).finish();
}

/** Reads the record `l`. Refuses by `codec/…`. */
export function parsePruned(bytes: Uint8Array): Result<PrunedRecord> {
  const reader = new Reader(bytes);
  return reader.finish({ blocks: reader.u32(), undo: reader.u32() });
}

/** A chain that joins by a snapshot: first it has headers and chunks, then blocks are missing behind its state. */
export type JoinRecord =
  /** The last of the headers after genesis that are in the store, and the weight of their branch. */
  | { readonly kind: 'headers'; readonly height: number; readonly weight: bigint }
  /** Blocks up to {@link PrunedRecord.blocks} are still to come. */
  | { readonly kind: 'past' };

/** The bytes of the record `j`; see layout.ts. */
export function encodeJoin(record: JoinRecord): Uint8Array {
  if (record.kind === 'past') return Uint8Array.of(1);
  return new Writer(37).u8(0).u32(record.height).bytes(encodeWeight(record.weight)).finish();
}

/** Reads the record `j`. Refuses by `codec/…`. */
export function parseJoin(bytes: Uint8Array): Result<JoinRecord> {
  const reader = new Reader(bytes);
  const tag = reader.u8();
  reader.canonical(tag <= 1, 'a join has two stages');
  if (tag === 1) return reader.finish({ kind: 'past' });
  const height = reader.u32();
  return reader.finish({ kind: 'headers', height, weight: BigInt(`0x${toHex(reader.hash())}`) });
}

function encodeWeight(weight: bigint): Uint8Array {
  const digits = weight.toString(16).padStart(64, '0');
  assert(digits.length === 64, 'a weight is below 2^256');
  return fromHex(digits);
}

/** The bytes of the record `s`; see layout.ts. */
export function encodeSides(ids: readonly Hash[]): Uint8Array {
  const writer = new Writer(32 * ids.length + 1);
  for (const id of ids) writer.bytes(id);
  return writer.finish();
}

/** Reads the record `s`. Refuses by `codec/…`. */
export function parseSides(bytes: Uint8Array): Result<readonly Hash[]> {
  const reader = new Reader(bytes);
  const ids: Hash[] = [];
  const count = reader.count(Math.ceil(bytes.length / 32), SIDE_BLOCKS_LIMIT, 32);
  for (let i = 0; i < count; i++) ids.push(reader.hash());
  return reader.finish(ids);
}

/** One of the two checkpoints: being written, with the chunks that may be in the store, or complete. */
export type CheckpointRecord =
  | { readonly kind: 'writing'; readonly chunks: number }
  | { readonly kind: 'complete'; readonly manifest: SnapshotManifest };

/** The bytes of a record `c`; see layout.ts. */
export function encodeCheckpoint(record: CheckpointRecord): Uint8Array {
  if (record.kind === 'writing') return new Writer(5).u8(0).u32(record.chunks).finish();
  return new Writer().u8(1).bytes(encodeManifest(record.manifest)).finish();
}

/** Reads a record `c`. Refuses by `codec/…`. */
export function parseCheckpoint(bytes: Uint8Array): Result<CheckpointRecord> {
  const reader = new Reader(bytes);
  if (reader.u8() === 1) {
    const manifest = parseManifest(bytes.subarray(1));
    return manifest.ok ? { ok: true, value: { kind: 'complete', manifest: manifest.value } } : manifest;
  }
  reader.canonical(bytes[0] === 0, 'a checkpoint is complete or not');
  const chunks = reader.u32();
  if (chunks > SNAPSHOT_CHUNKS_MAX)
    reader.fail('codec/limit', { got: chunks, expected: SNAPSHOT_CHUNKS_MAX });
  return reader.finish({ kind: 'writing', chunks });
}
