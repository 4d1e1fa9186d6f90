import type { Amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import { type Hash, hash } from '../crypto/hash.ts';
import type { Address } from './address.ts';
import { SEAL_BYTES_MAX } from './limits.ts';

/** The only version there is. */
export const HEADER_VERSION = 1;

/** Bytes of a header without its seal. */
export const HEADER_BYTES_MIN = 196;

/**
 * What identifies a block. Layout: version u32, height u32, timeMs u64, gasUsed u64, baseFee u64, parent 32,
 * producer 32, txRoot 32, receiptRoot 32, stateRoot 32, sealBytes u32, seal, zeros up to a multiple of 4.
 */
export interface Header {
  readonly version: number;
  readonly height: number;
  /** The id of the block before; for the genesis block, the hash of the chain's spec. */
  readonly parent: Hash;
  /** Milliseconds since 1970, later than the parent's. */
  readonly timeMs: number;
  /** Who made the block and is paid for it. */
  readonly producer: Address;
  readonly txRoot: Hash;
  readonly receiptRoot: Hash;
  /** The state after the block. */
  readonly stateRoot: Hash;
  readonly gasUsed: number;
  /** Hugs burned per unit of gas in this block. */
  readonly baseFee: Amount;
  /** Bytes that only the consensus reads. */
  readonly seal: Uint8Array;
}

/** Writes a header of any seal up to the limit. */
export function writeHeader(writer: Writer, header: Header): void {
  assert(header.version === HEADER_VERSION, `no header version ${header.version}`);
  assert(header.seal.length <= SEAL_BYTES_MAX, `${header.seal.length} bytes in a seal`);
  const start = writer.length;
  writer.u32(header.version).u32(header.height).u53(header.timeMs).u53(header.gasUsed).u53(header.baseFee);
  writer.hash(header.parent).hash(header.producer);
  writer.hash(header.txRoot).hash(header.receiptRoot).hash(header.stateRoot);
  writer.u32(header.seal.length).bytes(header.seal).pad4(start);
}

/** Reads the header that starts at the reader's offset. */
export function readHeader(reader: Reader): Header {
  const start = reader.offset;
  const version = reader.u32();
  if (version !== HEADER_VERSION) reader.fail('codec/unknown-tag', { field: 'header version', got: version });
  const height = reader.u32();
  const timeMs = reader.u53();
  const gasUsed = reader.u53();
  const baseFee = reader.u53() as Amount;
  const parent = reader.hash();
  const producer = reader.hash();
  const txRoot = reader.hash();
  const receiptRoot = reader.hash();
  const stateRoot = reader.hash();
  const seal = reader.take(reader.count(reader.u32(), SEAL_BYTES_MAX, 1));
  reader.pad4(start);
  return {
    version,
    height,
    timeMs,
    gasUsed,
    baseFee,
    parent,
    producer,
    txRoot,
    receiptRoot,
    stateRoot,
    seal,
  };
}

/** The bytes of a header. */
export function encodeHeader(header: Header): Uint8Array {
  const writer = new Writer(HEADER_BYTES_MIN + header.seal.length + 4);
  writeHeader(writer, header);
  return writer.finish();
}

/** Reads exactly one header. */
export function parseHeader(bytes: Uint8Array): Result<Header> {
  const reader = new Reader(bytes);
  return reader.finish(readHeader(reader));
}

const ids = new WeakMap<Header, Hash>();

/**
 * The id of the block: the hash of its header with the seal. Worked out once for each object, which nobody changes: a
 * header is asked for its id at every stop on its way, and one process may simulate many nodes that share it.
 */
export function headerId(header: Header): Hash {
  let id = ids.get(header);
  if (id === undefined) {
    id = hash('header', encodeHeader(header));
    ids.set(header, id);
  }
  return id;
}

/** What a seal is made over: the header with an empty seal, under a domain of its own. */
export function sealHash(header: Header): Hash {
  return hash('seal', encodeHeader({ ...header, seal: new Uint8Array(0) }));
}
