import { toHex } from '../base/bytes.ts';
import type { Outbox } from './outbox.ts';

/** Proofs that are kept: those of a few slots, for the head may move within one. */
const DRAWS_MAX = 8;

/** What the producer's key has drawn: each proof is asked for once. */
export class Draws {
  readonly #outbox: Outbox;
  readonly #nextJob: () => number;
  /** By input, oldest first. */
  readonly #proofs = new Map<string, Uint8Array>();
  #asked: { readonly job: number; readonly input: string } | undefined;

  constructor({ outbox, nextJob }: { readonly outbox: Outbox; readonly nextJob: () => number }) {
    this.#outbox = outbox;
    this.#nextJob = nextJob;
  }

  /** The proof for an input, if there is one. */
  of(input: Uint8Array): Uint8Array | undefined {
    return this.#proofs.get(toHex(input));
  }

  /** Asks the key for a proof; of what was asked before, only this input is waited for. */
  ask(input: Uint8Array): void {
    const key = toHex(input);
    if (this.#asked?.input === key) return;
    const job = this.#nextJob();
    this.#asked = { job, input: key };
    this.#outbox.push({ type: 'prove', job, input });
  }

  /** Takes a proof. `failed` when the key would not give one, `other` when nobody waits for it. */
  take(job: number, proof: Uint8Array | undefined): 'taken' | 'failed' | 'other' {
    if (this.#asked?.job !== job) return 'other';
    const { input } = this.#asked;
    this.#asked = undefined;
    if (proof === undefined) return 'failed';
    this.#proofs.set(input, proof);
    const [oldest] = this.#proofs.keys();
    if (this.#proofs.size > DRAWS_MAX && oldest !== undefined) this.#proofs.delete(oldest);
    return 'taken';
  }
}
