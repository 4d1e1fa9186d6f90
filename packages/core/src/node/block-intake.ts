import { assert } from '../base/assert.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { packSignatures } from '../ledger/flat-signatures.ts';
import { refuseLedger } from '../ledger/rules.ts';
import type { Block } from '../primitives/block.ts';
import type { FlatBlock } from '../primitives/flat-block.ts';
import { type Header, readHeader } from '../primitives/header.ts';
import { INTAKE_BLOCK_BYTES_MAX, INTAKE_BLOCKS_MAX } from './limits.ts';
import { refuseNode } from './rules.ts';

/** A block on its way to the chain. */
interface Arrival {
  readonly job: number;
  readonly request: number;
  readonly block: FlatBlock;
  /** For each record of the batch, which transaction of the block it belongs to. */
  readonly positions: Uint32Array;
  verdict: Result<undefined> | undefined;
}

/** A block whose signatures have a verdict, for the chain. */
export interface CheckedBlock {
  readonly request: number;
  readonly block: Block;
  readonly verdict: Result<undefined>;
}

/**
 * Takes blocks as far as the chain, in the order of arrival: parses, looks at the header, and hands out as one
 * batch the signatures that have not been checked before.
 */
export class BlockIntake {
  readonly #scan: (bytes: Uint8Array) => Result<FlatBlock>;
  readonly #known: (bytes: Uint8Array) => FlatBlock | undefined;
  readonly #isChecked: (block: FlatBlock, position: number) => boolean;
  readonly #checkHeader: (header: Header) => Result<undefined>;
  readonly #arrivals: Arrival[] = [];
  #waitingBytes = 0;

  constructor(options: {
    /** Reads the bytes of a block. */
    scan: (bytes: Uint8Array) => Result<FlatBlock>;
    /** The block of these bytes, where somebody in this process has read them; nobody when left out. */
    known?: (bytes: Uint8Array) => FlatBlock | undefined;
    /** True for a transaction whose signatures, those very bytes, have been checked before. */
    isChecked: (block: FlatBlock, position: number) => boolean;
    /** Refuses a block that is not worth checking its signatures. */
    checkHeader: (header: Header) => Result<undefined>;
  }) {
    this.#scan = options.scan;
    this.#known = options.known ?? (() => undefined);
    this.#isChecked = options.isChecked;
    this.#checkHeader = options.checkHeader;
  }

  /**
   * Begins a block under the job's number: a good header beside the transactions it commits to.
   *
   * @param flat - the same block where it has been read
   * @returns also the signatures to check, packed ({@link packSignatureChecks})
   */
  begin(
    job: number,
    request: number,
    bytes: Uint8Array,
    flat?: FlatBlock,
  ): Result<{ readonly block: FlatBlock; readonly checks: Uint8Array }> {
    if (this.#arrivals.length >= INTAKE_BLOCKS_MAX)
      return refuseNode('node/busy', { waiting: this.#arrivals.length });
    if (this.#waitingBytes + bytes.length > INTAKE_BLOCK_BYTES_MAX) {
      return refuseNode('node/busy', { bytes: this.#waitingBytes, expected: INTAKE_BLOCK_BYTES_MAX });
    }
    // A block whose header is refused is not worth reading: that would take a thousand times as long.
    const known = flat ?? this.#known(bytes);
    const read = known === undefined ? readHeaderFirst(bytes) : ok(known.header);
    if (!read.ok) return read;
    const header = read.value;
    const checked = this.#checkHeader(header);
    if (!checked.ok) return checked;
    const scanned = known === undefined ? this.#scan(bytes) : ok(known);
    if (!scanned.ok) return scanned;
    const block = scanned.value;
    // Other transactions beside a good header are the sender's fault, and a bad signature in them says nothing of the
    // block: whoever asked several nodes for it has to know the one from the other.
    if (!equalBytes(block.txRoot, header.txRoot)) {
      const evidence = { got: toHex(block.txRoot), expected: toHex(header.txRoot) };
      return refuseLedger('block/tx-root-mismatch', evidence);
    }
    const { checks, positions } = packSignatures(block, (position) => this.#isChecked(block, position));
    this.#arrivals.push({ job, request, block, positions, verdict: undefined });
    this.#waitingBytes += bytes.length;
    return ok({ block, checks });
  }

  /** Takes the verdict on a batch. False when the job is not one of this intake. */
  finish(job: number, valid: Uint8Array): boolean {
    const arrival = this.#arrivals.find((candidate) => candidate.job === job);
    if (arrival === undefined) return false;
    const { block, positions } = arrival;
    assert(valid.length === positions.length, 'a verdict for each signature');
    const refused = valid.findIndex((one) => one !== 1);
    arrival.verdict = refused < 0 ? ok(undefined) : refuseSignature(block, positions[refused] as number);
    return true;
  }

  /** True when {@link next} has one to give. */
  get isReady(): boolean {
    return this.#arrivals[0]?.verdict !== undefined;
  }

  /** The next block in order of arrival whose signatures have a verdict. */
  next(): CheckedBlock | undefined {
    const first = this.#arrivals[0];
    if (first?.verdict === undefined) return undefined;
    this.#arrivals.shift();
    this.#waitingBytes -= first.block.bytes.length;
    return { request: first.request, block: first.block, verdict: first.verdict };
  }
}

function readHeaderFirst(bytes: Uint8Array): Result<Header> {
  const reader = new Reader(bytes);
  const header = readHeader(reader);
  return reader.failure ?? ok(header);
}

function refuseSignature(block: FlatBlock, position: number): Result<never> {
  return refuseLedger('tx/signature-invalid', { got: toHex(block.txid(position)), transaction: position });
}
