import { signatureRecordCount, unpackSignatureCheck } from '@calin/core/crypto/signature-records.ts';
import type { Compute, SignaturesDone } from '@calin/core/ports/compute.ts';
import { verifySignatureFast } from './signatures.ts';

/** Checks between two turns of the event loop: about 4 ms of libsodium, so that timers and sockets stay quick. */
const SLICE_CHECKS = 64;

/**
 * Checks signatures on this thread, in slices, and answers in the order of the requests: the plain twin that the
 * workers are compared with.
 */
export class InlineCompute implements Compute {
  readonly #waiting: Request[] = [];
  #running = false;

  checkSignatures(records: Uint8Array, done: SignaturesDone): void {
    this.#waiting.push({ records, valid: new Uint8Array(signatureRecordCount(records)), next: 0, done });
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => this.#slice());
  }

  #slice(): void {
    const request = this.#waiting[0];
    if (request === undefined) {
      this.#running = false;
      return;
    }
    const { records, valid, done } = request;
    const end = Math.min(request.next + SLICE_CHECKS, valid.length);
    for (; request.next < end; request.next++) {
      valid[request.next] = verifySignatureFast(unpackSignatureCheck(records, request.next)) ? 1 : 0;
    }
    setImmediate(() => this.#slice());
    if (end < valid.length) return;
    this.#waiting.shift();
    done(valid);
  }
}

interface Request {
  readonly records: Uint8Array;
  readonly valid: Uint8Array;
  next: number;
  readonly done: SignaturesDone;
}
