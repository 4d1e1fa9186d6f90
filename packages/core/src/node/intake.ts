import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import { FewMap } from '../base/few-map.ts';
import type { Failure, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import { areAllValid, packSignatureChecks } from '../crypto/signature-records.ts';
import { checkShape } from '../ledger/check-shape.ts';
import { packSignatures } from '../ledger/flat-signatures.ts';
import { refuseLedger } from '../ledger/rules.ts';
import { signatureChecks } from '../ledger/transaction-signatures.ts';
import { isShapedTransfer } from '../ledger/transfer-shape.ts';
import type { FlatTransactions } from '../primitives/flat-transactions.ts';
import type { ParsedTransactions } from '../primitives/parse-transactions.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { SubmitVerdict } from './events.ts';
import { INTAKE_TRANSACTION_BYTES_MAX, INTAKE_TRANSACTIONS_MAX } from './limits.ts';
import { refuseNode } from './rules.ts';

/** Where transactions stand that were read together. */
export interface FlatSource {
  readonly flat: FlatTransactions;
  /** One for each of the transactions. */
  readonly positions: readonly number[];
}

/** Takes transactions whose signatures are good, and gives one verdict each; the mempool stands behind it. */
export type Admit = (
  transactions: readonly Transaction[],
  request: number,
  source: FlatSource | undefined,
) => readonly Result<unknown>[];

/** A submission on its way: some transactions wait for their signatures, others have been refused already. */
interface Submission {
  readonly request: number;
  readonly bytes: number;
  readonly entries: readonly SubmissionEntry[];
  readonly flat: FlatTransactions | undefined;
}

type SubmissionEntry =
  | { readonly transaction: Transaction; readonly checks: number; readonly failure?: undefined }
  | { readonly transaction: Transaction | undefined; readonly failure: Failure };

/** What the node does next with a submission: have signatures checked, then call {@link Intake.finish}. */
export interface IntakeJob {
  readonly job: number;
  /** Packed checks, see {@link packSignatureChecks}. */
  readonly records: Uint8Array;
}

/** What an intake belongs to. */
export interface IntakeOptions {
  readonly spec: ChainSpec;
  /** Refuses what the pool has already. */
  readonly isKnown: (txid: Hash) => Result<undefined>;
  /** Reads transactions that came together. */
  readonly parse: (encoded: readonly Uint8Array[]) => ParsedTransactions;
}

/**
 * Takes submitted transactions as far as their signatures: parses, checks the shape, and hands out the signatures
 * to check as one batch. Cheap checks come first, so that garbage costs no signature check.
 */
export class Intake {
  readonly #spec: ChainSpec;
  readonly #isKnown: (txid: Hash) => Result<undefined>;
  readonly #parse: IntakeOptions['parse'];
  readonly #submissions = new FewMap<number, Submission>();
  #waiting = 0;
  #waitingBytes = 0;

  constructor(options: IntakeOptions) {
    this.#spec = options.spec;
    this.#isKnown = options.isKnown;
    this.#parse = options.parse;
  }

  /** Transactions that wait for their signatures. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Begins a submission under the job's number. */
  begin(job: number, request: number, transactions: readonly Uint8Array[]): Result<IntakeJob> {
    if (this.#waiting + transactions.length > INTAKE_TRANSACTIONS_MAX) {
      return refuseNode('node/busy', { waiting: this.#waiting, expected: INTAKE_TRANSACTIONS_MAX });
    }
    const bytes = transactions.reduce((sum, { length }) => sum + length, 0);
    if (this.#waitingBytes + bytes > INTAKE_TRANSACTION_BYTES_MAX) {
      return refuseNode('node/busy', { bytes: this.#waitingBytes, expected: INTAKE_TRANSACTION_BYTES_MAX });
    }
    const { results, flat } = this.#parse(transactions);
    const entries = results.map((one, i) => this.#examine(one, flat, i));
    this.#submissions.set(job, { request, bytes, entries, flat });
    this.#waiting += entries.length;
    this.#waitingBytes += bytes;
    return ok({ job, records: packChecks(entries, flat) });
  }

  /** Ends a submission: admits what is good. Undefined when the job is not one of this intake. */
  finish(
    job: number,
    valid: Uint8Array,
    admit: Admit,
  ): { request: number; verdicts: SubmitVerdict[] } | undefined {
    const submission = this.#submissions.get(job);
    if (submission === undefined) return undefined;
    this.#submissions.delete(job);
    this.#waiting -= submission.entries.length;
    this.#waitingBytes -= submission.bytes;
    let next = 0;
    const good: Transaction[] = [];
    const positions: number[] = [];
    const checked = submission.entries.map((entry, i): SubmissionEntry => {
      if (entry.failure !== undefined) return entry;
      const { transaction, checks } = entry;
      const isSigned = areAllValid(valid, next, checks);
      next += checks;
      if (isSigned) {
        good.push(transaction);
        positions.push(i);
        return entry;
      }
      const got = toHex(transaction.txid);
      return { transaction, failure: refuseLedger('tx/signature-invalid', { got }) };
    });
    const { flat } = submission;
    const admitted = admit(good, submission.request, flat === undefined ? flat : { flat, positions });
    assert(admitted.length === good.length, 'one verdict for each transaction');
    let taken = 0;
    const verdicts = checked.map(({ transaction, failure }) =>
      verdict(transaction, failure ?? (admitted[taken++] as Result<unknown>)),
    );
    return { request: submission.request, verdicts };
  }

  #examine(parsed: Result<Transaction>, flat: FlatTransactions | undefined, i: number): SubmissionEntry {
    if (!parsed.ok) return { transaction: undefined, failure: parsed };
    const transaction = parsed.value;
    const checked = this.#isKnown(transaction.txid);
    if (!checked.ok) return { transaction, failure: checked };
    if (flat !== undefined && isShapedTransfer(this.#spec, flat, i)) {
      // Each witness of a transfer has one signature.
      return {
        transaction,
        checks: (flat.witnessStarts[i + 1] as number) - (flat.witnessStarts[i] as number),
      };
    }
    const shape = checkShape(this.#spec, transaction);
    if (!shape.ok) return { transaction, failure: shape };
    return { transaction, checks: signatureChecks(transaction).length };
  }
}

/** The signatures of all that were not refused, one after the other. */
function packChecks(entries: readonly SubmissionEntry[], flat: FlatTransactions | undefined): Uint8Array {
  if (flat !== undefined) return packSignatures(flat, (i) => entries[i]?.failure !== undefined, 0).checks;
  return packSignatureChecks(
    entries.flatMap((entry) => (entry.failure === undefined ? signatureChecks(entry.transaction) : [])),
  );
}

function verdict(transaction: Transaction | undefined, result: Result<unknown>): SubmitVerdict {
  if (!result.ok) return { txid: transaction?.txid, accepted: false, refusal: result.error };
  assert(transaction !== undefined, 'what is no transaction is refused');
  return { txid: transaction.txid, accepted: true };
}
