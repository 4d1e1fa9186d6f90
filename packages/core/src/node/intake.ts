import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { Failure, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { SignatureCheck } from '../crypto/signature.ts';
import { areAllValid, packSignatureChecks } from '../crypto/signature-records.ts';
import { checkShape } from '../ledger/check-shape.ts';
import { refuseLedger } from '../ledger/rules.ts';
import { signatureChecks } from '../ledger/transaction-signatures.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { SubmitVerdict } from './events.ts';
import { INTAKE_TRANSACTION_BYTES_MAX, INTAKE_TRANSACTIONS_MAX } from './limits.ts';
import { refuseNode } from './rules.ts';

/** Takes transactions whose signatures are good, and gives one verdict each; the mempool stands behind it. */
export type Admit = (transactions: readonly Transaction[], request: number) => readonly Result<unknown>[];

/** A submission on its way: some transactions wait for their signatures, others have been refused already. */
interface Submission {
  readonly request: number;
  readonly bytes: number;
  readonly entries: readonly SubmissionEntry[];
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
  readonly parse: (encoded: readonly Uint8Array[]) => readonly Result<Transaction>[];
}

/**
 * Takes submitted transactions as far as their signatures: parses, checks the shape, and hands out the signatures
 * to check as one batch. Cheap checks come first, so that garbage costs no signature check.
 */
export class Intake {
  readonly #spec: ChainSpec;
  readonly #isKnown: (txid: Hash) => Result<undefined>;
  readonly #parse: IntakeOptions['parse'];
  readonly #submissions = new Map<number, Submission>();
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
    const checks: SignatureCheck[] = [];
    const parsed = this.#parse(transactions);
    const entries = parsed.map((one) => this.#examine(one, checks));
    this.#submissions.set(job, { request, bytes, entries });
    this.#waiting += entries.length;
    this.#waitingBytes += bytes;
    return ok({ job, records: packSignatureChecks(checks) });
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
    const checked = submission.entries.map((entry): SubmissionEntry => {
      if (entry.failure !== undefined) return entry;
      const { transaction, checks } = entry;
      const isSigned = areAllValid(valid, next, checks);
      next += checks;
      if (isSigned) good.push(transaction);
      if (isSigned) return entry;
      const got = toHex(transaction.txid);
      return { transaction, failure: refuseLedger('tx/signature-invalid', { got }) };
    });
    const admitted = admit(good, submission.request);
    assert(admitted.length === good.length, 'one verdict for each transaction');
    let taken = 0;
    const verdicts = checked.map(({ transaction, failure }) =>
      verdict(transaction, failure ?? (admitted[taken++] as Result<unknown>)),
    );
    return { request: submission.request, verdicts };
  }

  #examine(parsed: Result<Transaction>, checks: SignatureCheck[]): SubmissionEntry {
    if (!parsed.ok) return { transaction: undefined, failure: parsed };
    const transaction = parsed.value;
    const checked = this.#isKnown(transaction.txid);
    if (!checked.ok) return { transaction, failure: checked };
    const shape = checkShape(this.#spec, transaction);
    if (!shape.ok) return { transaction, failure: shape };
    const own = signatureChecks(transaction);
    checks.push(...own);
    return { transaction, checks: own.length };
  }
}

function verdict(transaction: Transaction | undefined, result: Result<unknown>): SubmitVerdict {
  if (!result.ok) return { txid: transaction?.txid, accepted: false, refusal: result.error };
  assert(transaction !== undefined, 'what is no transaction is refused');
  return { txid: transaction.txid, accepted: true };
}
