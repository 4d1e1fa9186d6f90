import type { PeerId } from '../../ports/network.ts';
import { SUBMISSIONS_PER_PEER_MAX, VERDICT_TIMEOUT_MS } from './limits.ts';
import type { RelayHost } from './relay-host.ts';
import type { TransactionRequest } from './transaction-requests.ts';

/** Transactions that were handed over and wait for their verdicts. */
export interface Submission {
  readonly from: PeerId;
  readonly transactions: readonly Uint8Array[];
  /** What this answers; undefined for an orphan that is tried again. */
  readonly request: TransactionRequest | undefined;
  readonly deadlineMs: number;
}

/** What was handed to the node, until the verdicts come. */
export class Submissions {
  readonly #host: Pick<RelayHost, 'submit'>;
  /** Oldest first. */
  #waiting: Submission[] = [];

  constructor(host: Pick<RelayHost, 'submit'>) {
    this.#host = host;
  }

  get count(): number {
    return this.#waiting.length;
  }

  /** When the oldest one runs out; undefined when there is none. */
  get deadlineMs(): number | undefined {
    return this.#waiting[0]?.deadlineMs;
  }

  /** True when the node has so much of a peer to judge that no more is handed over. */
  isFull(from: PeerId): boolean {
    const ofPeer = this.#waiting.reduce((sum, one) => sum + (one.from === from ? 1 : 0), 0);
    return ofPeer >= SUBMISSIONS_PER_PEER_MAX;
  }

  /** Hands transactions to the node. */
  hand({ from, transactions, request }: Omit<Submission, 'deadlineMs'>, nowMs: number): void {
    this.#waiting.push({ from, transactions, request, deadlineMs: nowMs + VERDICT_TIMEOUT_MS });
    this.#host.submit(transactions, from);
  }

  /** Takes out what so many verdicts are about. */
  take(from: PeerId, verdicts: number): Submission | undefined {
    // One that was refused as a whole, which has no verdicts, was refused at once: it is the last.
    const at =
      verdicts === 0
        ? this.#waiting.findLastIndex((one) => one.from === from)
        : this.#waiting.findIndex((one) => one.from === from && one.transactions.length === verdicts);
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  /** Takes those out whose verdicts do not come any more. */
  expire(nowMs: number): readonly Submission[] {
    const late = this.#waiting.filter(({ deadlineMs }) => deadlineMs <= nowMs);
    if (late.length > 0) this.#waiting = this.#waiting.filter(({ deadlineMs }) => deadlineMs > nowMs);
    return late;
  }
}
