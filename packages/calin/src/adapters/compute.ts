import type { SignatureCheck } from '@calin/core/crypto/signature.ts';
import type { Compute } from '@calin/core/ports/compute.ts';
import { verifySignatureFast } from './signatures.ts';

/** Checks between two turns of the event loop: about 4 ms of libsodium, so that timers and sockets stay quick. */
const SLICE_CHECKS = 64;

/** Checks signatures on this thread, in slices. Batches are answered in the order in which they were given. */
export class InlineCompute implements Compute {
  readonly #waiting: { readonly checks: readonly SignatureCheck[]; readonly valid: boolean[]; done: Done }[] =
    [];
  #running = false;

  checkSignatures(checks: readonly SignatureCheck[], done: Done): void {
    this.#waiting.push({ checks, valid: [], done });
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => this.#slice());
  }

  #slice(): void {
    const batch = this.#waiting[0];
    if (batch === undefined) {
      this.#running = false;
      return;
    }
    const { checks, valid, done } = batch;
    for (const check of checks.slice(valid.length, valid.length + SLICE_CHECKS)) {
      valid.push(verifySignatureFast(check));
    }
    setImmediate(() => this.#slice());
    if (valid.length < checks.length) return;
    this.#waiting.shift();
    done(valid);
  }
}

type Done = (valid: readonly boolean[]) => void;
