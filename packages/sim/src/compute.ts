import type { SignatureCheck, VerifySignature } from '@calin/core/crypto/signature.ts';
import {
  SIGNATURE_RECORD_BYTES,
  signatureRecordCount,
  unpackSignatureCheck,
} from '@calin/core/crypto/signature-records.ts';
import type { Compute, SignaturesDone } from '@calin/core/ports/compute.ts';
import type { Agenda } from './clock.ts';

/** Verdicts that are remembered; the oldest are worked out again. */
const VERDICTS_MAX = 1_000_000;

/** What one core of a machine does to a signature, as libsodium does on a small server. */
const SIGNATURE_US = 60;

/**
 * Signatures whose validity somebody in this run has worked out. A verdict follows from the bytes alone, so thousands
 * of nodes that check the same signature do so once.
 */
export class SharedVerdicts {
  readonly #verify: VerifySignature;
  readonly #verdicts = new Map<string, boolean>();
  #checked = 0;

  constructor(verify: VerifySignature) {
    this.#verify = verify;
  }

  /** Signatures that were really checked. */
  get checked(): number {
    return this.#checked;
  }

  /** {@link VerifySignature} with the memory of all nodes. */
  readonly verify: VerifySignature = (check) => {
    const key = nameOf(check);
    let verdict = this.#verdicts.get(key);
    if (verdict === undefined) {
      verdict = this.#verify(check);
      this.#checked += 1;
      this.#verdicts.set(key, verdict);
      if (this.#verdicts.size > VERDICTS_MAX) this.#forgetOldest();
    }
    return verdict;
  };

  #forgetOldest(): void {
    for (const key of this.#verdicts.keys()) {
      this.#verdicts.delete(key);
      break;
    }
  }
}

function nameOf({ publicKey, message, signature }: SignatureCheck): string {
  return textOf(publicKey) + textOf(message) + textOf(signature);
}

function textOf(bytes: Uint8Array): string {
  return Reflect.apply(String.fromCharCode, undefined, bytes);
}

/** The compute port of one simulated node: one core that takes its time, with verdicts that all nodes share. */
export class SimCompute implements Compute {
  readonly #clock: Agenda;
  readonly #verdicts: SharedVerdicts;
  #freeUs = 0;
  #isOff = false;

  constructor(clock: Agenda, verdicts: SharedVerdicts) {
    this.#clock = clock;
    this.#verdicts = verdicts;
  }

  checkSignatures(records: Uint8Array, done: SignaturesDone): void {
    const count = signatureRecordCount(records);
    const valid = new Uint8Array(count);
    for (let i = 0; i < count; i++)
      valid[i] = this.#verdicts.verify(unpackSignatureCheck(records, i)) ? 1 : 0;
    // Nothing to check is no work, and is answered at once.
    if (records.length < SIGNATURE_RECORD_BYTES) return done(valid);
    this.#freeUs = Math.max(this.#freeUs, this.#clock.nowUs) + SIGNATURE_US * count;
    const fire = () => {
      if (!this.#isOff) done(valid);
    };
    this.#clock.schedule(this.#freeUs, { fire });
  }

  /** Answers nothing any more. */
  close(): void {
    this.#isOff = true;
  }
}
