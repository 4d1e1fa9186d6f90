import { equalBytes } from '@calin/core/base/bytes.ts';
import type { SignatureCheck, VerifySignature } from '@calin/core/crypto/signature.ts';
import {
  packSignatureChecks,
  SIGNATURE_RECORD_BYTES,
  signatureRecordCount,
  unpackSignatureCheck,
} from '@calin/core/crypto/signature-records.ts';
import type { Compute, SignaturesDone } from '@calin/core/ports/compute.ts';
import type { Agenda, SimEvent } from './clock.ts';

/** Verdicts that are remembered; the oldest are worked out again. */
const VERDICTS_MAX = 1_000_000;

/** What one core of a machine does to a signature, as libsodium does on a small server. */
const SIGNATURE_US = 60;

/** Bytes of a signature by which its record is found; the record as a whole is compared. */
const NAME_BYTES = 6;

interface Verdict {
  /** The packed check. */
  readonly record: Uint8Array;
  readonly isValid: boolean;
}

/**
 * Signatures whose validity somebody in this run has worked out. A verdict follows from the bytes alone, so thousands
 * of nodes that check the same signature do so once.
 */
export class SharedVerdicts {
  readonly #verify: VerifySignature;
  /** By the last bytes of the signature, as a number; of two with the same the younger one is remembered. */
  readonly #verdicts = new Map<number, Verdict>();
  #checked = 0;

  constructor(verify: VerifySignature) {
    this.#verify = verify;
  }

  /** Signatures that were really checked. */
  get checked(): number {
    return this.#checked;
  }

  /** {@link VerifySignature} with the memory of all nodes. */
  readonly verify: VerifySignature = (check) => this.verifyRecord(packSignatureChecks([check]));

  /** The same for one packed check. */
  verifyRecord(record: Uint8Array): boolean {
    const name = nameOf(record);
    const known = this.#verdicts.get(name);
    if (known !== undefined && equalBytes(known.record, record)) return known.isValid;
    const check: SignatureCheck = unpackSignatureCheck(record, 0);
    const isValid = this.#verify(check);
    this.#checked += 1;
    this.#verdicts.set(name, { record: record.slice(), isValid });
    if (this.#verdicts.size > VERDICTS_MAX) this.#forgetOldest();
    return isValid;
  }

  #forgetOldest(): void {
    for (const name of this.#verdicts.keys()) {
      this.#verdicts.delete(name);
      break;
    }
  }
}

function nameOf(record: Uint8Array): number {
  let name = 0;
  for (let at = SIGNATURE_RECORD_BYTES - NAME_BYTES; at < SIGNATURE_RECORD_BYTES; at++) {
    name = 256 * name + (record[at] as number);
  }
  return name;
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
    // Nothing to check is no work, and is answered at once.
    if (count === 0) return done(records);
    const valid = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const start = SIGNATURE_RECORD_BYTES * i;
      const record = count === 1 ? records : records.subarray(start, start + SIGNATURE_RECORD_BYTES);
      valid[i] = this.#verdicts.verifyRecord(record) ? 1 : 0;
    }
    this.#freeUs = Math.max(this.#freeUs, this.#clock.nowUs) + SIGNATURE_US * count;
    this.#clock.schedule(this.#freeUs, new CheckedEvent(this, valid, done));
  }

  /** Answers nothing any more. */
  close(): void {
    this.#isOff = true;
  }

  /** True after {@link close}. */
  get isOff(): boolean {
    return this.#isOff;
  }
}

/** The end of a check. */
class CheckedEvent implements SimEvent {
  readonly #compute: SimCompute;
  readonly #valid: Uint8Array;
  readonly #done: SignaturesDone;

  constructor(compute: SimCompute, valid: Uint8Array, done: SignaturesDone) {
    this.#compute = compute;
    this.#valid = valid;
    this.#done = done;
  }

  fire(): void {
    if (!this.#compute.isOff) this.#done(this.#valid);
  }
}
