import { toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { SignatureCheck } from '../crypto/signature.ts';
import { refuseLedger } from '../ledger/rules.ts';
import { signatureChecks } from '../ledger/transaction-signatures.ts';
import { type Block, parseBlock } from '../primitives/block.ts';
import type { Header } from '../primitives/header.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { refuseNode } from './rules.ts';

/** Blocks whose signatures are being checked; more are refused by `node/busy`. */
const INTAKE_BLOCKS_MAX = 64;

/** A block on its way to the chain. */
interface Arrival {
  readonly job: number;
  readonly request: number;
  readonly block: Block;
  /** Transactions whose signatures are in the batch, with how many each has. */
  readonly checked: readonly { readonly txid: Hash; readonly checks: number }[];
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

  /** Begins a block under the job's number; the batch of signatures to check. */
  begin(job: number, request: number, bytes: Uint8Array): Result<readonly SignatureCheck[]> {
    if (this.#arrivals.length >= INTAKE_BLOCKS_MAX)
      return refuseNode('node/busy', { waiting: this.#arrivals.length });
    const parsed = parseBlock(bytes, this.#chainId);
    if (!parsed.ok) return parsed;
    const header = this.#checkHeader(parsed.value.header);
    if (!header.ok) return header;
    const batch: SignatureCheck[] = [];
    const checked: { txid: Hash; checks: number }[] = [];
    for (const transaction of parsed.value.transactions) {
      if (this.#isChecked(transaction)) continue;
      const own = signatureChecks(transaction);
      batch.push(...own);
      checked.push({ txid: transaction.txid, checks: own.length });
    }
    this.#arrivals.push({ job, request, block: parsed.value, checked, verdict: undefined });
    return ok(batch);
  }

  /** Takes the verdict on a batch. False when the job is not one of this intake. */
  finish(job: number, valid: readonly boolean[]): boolean {
    const arrival = this.#arrivals.find((candidate) => candidate.job === job);
    if (arrival === undefined) return false;
    let next = 0;
    arrival.verdict = ok(undefined);
    for (const { txid, checks } of arrival.checked) {
      const good = valid.slice(next, next + checks).every((one) => one);
      next += checks;
      if (!good) {
        arrival.verdict = refuseLedger('tx/signature-invalid', { got: toHex(txid) });
        break;
      }
    }
    return true;
  }

  /** The next block in order of arrival whose signatures have a verdict. */
  next():
    | { readonly request: number; readonly block: Block; readonly verdict: Result<undefined> }
    | undefined {
    const first = this.#arrivals[0];
    if (first?.verdict === undefined) return undefined;
    this.#arrivals.shift();
    return { request: first.request, block: first.block, verdict: first.verdict };
  }
}
