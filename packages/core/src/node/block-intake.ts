import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { SignatureCheck } from '../crypto/signature.ts';
import { packSignatureChecks } from '../crypto/signature-records.ts';
import { refuseLedger } from '../ledger/rules.ts';
import { signatureChecks } from '../ledger/transaction-signatures.ts';
import { type Block, parseBlock } from '../primitives/block.ts';
import type { Header } from '../primitives/header.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { INTAKE_BLOCK_BYTES_MAX, INTAKE_BLOCKS_MAX } from './limits.ts';
import { refuseNode } from './rules.ts';

/** A block on its way to the chain. */
interface Arrival {
  readonly job: number;
  readonly request: number;
  readonly block: Block;
  /** For each record of the batch, which transaction of the block it belongs to. */
  readonly owners: Uint32Array;
  verdict: Result<undefined> | undefined;
}

/**
 * Takes blocks as far as the chain, in the order of arrival: parses, looks at the header, and hands out as one
 * batch the signatures that the mempool has not checked before.
 */
export class BlockIntake {
  readonly #chainId: Hash;
  readonly #isChecked: (transaction: Transaction) => boolean;
  readonly #checkHeader: (header: Header) => Result<undefined>;
  readonly #arrivals: Arrival[] = [];
  #waitingBytes = 0;

  constructor(options: {
    chainId: Hash;
    /** True for a transaction whose signatures, those very bytes, have been checked before. */
    isChecked: (transaction: Transaction) => boolean;
    /** Refuses a block that is not worth checking its signatures. */
    checkHeader: (header: Header) => Result<undefined>;
  }) {
    this.#chainId = options.chainId;
    this.#isChecked = options.isChecked;
    this.#checkHeader = options.checkHeader;
  }

  /** Begins a block under the job's number; the signatures to check, packed ({@link packSignatureChecks}). */
  begin(job: number, request: number, bytes: Uint8Array): Result<Uint8Array> {
    if (this.#arrivals.length >= INTAKE_BLOCKS_MAX)
      return refuseNode('node/busy', { waiting: this.#arrivals.length });
    if (this.#waitingBytes + bytes.length > INTAKE_BLOCK_BYTES_MAX) {
      return refuseNode('node/busy', { bytes: this.#waitingBytes, expected: INTAKE_BLOCK_BYTES_MAX });
    }
    const parsed = parseBlock(bytes, this.#chainId);
    if (!parsed.ok) return parsed;
    const header = this.#checkHeader(parsed.value.header);
    if (!header.ok) return header;
    const { records, owners } = this.#collect(parsed.value);
    this.#arrivals.push({ job, request, block: parsed.value, owners, verdict: undefined });
    this.#waitingBytes += bytes.length;
    return ok(records);
  }

  /** Takes the verdict on a batch. False when the job is not one of this intake. */
  finish(job: number, valid: Uint8Array): boolean {
    const arrival = this.#arrivals.find((candidate) => candidate.job === job);
    if (arrival === undefined) return false;
    const { block, owners } = arrival;
    assert(valid.length === owners.length, 'a verdict for each signature');
    const refused = valid.findIndex((one) => one !== 1);
    arrival.verdict = refused < 0 ? ok(undefined) : refuseSignature(block, owners[refused] as number);
    return true;
  }

  /** The next block in order of arrival whose signatures have a verdict. */
  next():
    | { readonly request: number; readonly block: Block; readonly verdict: Result<undefined> }
    | undefined {
    const first = this.#arrivals[0];
    if (first?.verdict === undefined) return undefined;
    this.#arrivals.shift();
    this.#waitingBytes -= first.block.bytes.length;
    return { request: first.request, block: first.block, verdict: first.verdict };
  }

  /** The signatures of the transactions that were not checked before, in their order. */
  #collect({ transactions }: Block): { records: Uint8Array; owners: Uint32Array } {
    const checks: SignatureCheck[] = [];
    const owners: number[] = [];
    for (const [position, transaction] of transactions.entries()) {
      if (this.#isChecked(transaction)) continue;
      for (const check of signatureChecks(transaction)) {
        checks.push(check);
        owners.push(position);
      }
    }
    return { records: packSignatureChecks(checks), owners: Uint32Array.from(owners) };
  }
}

function refuseSignature({ transactions }: Block, position: number): Result<never> {
  const { txid } = transactions[position] as Transaction;
  return refuseLedger('tx/signature-invalid', { got: toHex(txid) });
}
