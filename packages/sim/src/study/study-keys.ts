import { seedFor } from '../dice.ts';
import { textDigest } from './study-node.ts';

/** Bytes that a signature is counted as on the wire: one of Ed25519. */
export const SIGNATURE_BYTES = 64;

/** A statement with the mark of who made it: anybody can pass it on, and nobody else could have made it. */
export interface Signed<B> {
  readonly from: number;
  readonly body: B;
  /** A keyed hash as hex, in the place of a signature. */
  readonly seal: string;
}

/** Signs as one machine. */
export type StudySigner<B> = <T extends B>(body: T) => Signed<T>;

/**
 * Signatures of a run: keyed hashes, which all machines have checked by one who knows every key and tells none. That
 * is as hard to forge as a signature, and a hundred times as fast.
 */
export class StudyKeys<B> {
  readonly #keys: readonly Uint8Array[];
  readonly #textOf: (body: B) => string;
  /** What was found of each statement: machines share it, as its validity follows from its bytes alone. */
  readonly #verdicts = new WeakMap<Signed<B>, boolean>();

  /** @param textOf - a text for each statement, and for no two of them the same */
  constructor(seed: Uint8Array, machines: number, textOf: (body: B) => string) {
    this.#keys = Array.from({ length: machines }, (_, i) => seedFor(seed, `key ${i}`));
    this.#textOf = textOf;
  }

  /** What a machine signs with: it is given its own alone. */
  signerOf(from: number): StudySigner<B> {
    return <T extends B>(body: T): Signed<T> => {
      const signed = { from, body, seal: this.#seal(from, body) };
      this.#verdicts.set(signed, true);
      return signed;
    };
  }

  /** Says whether a statement was made by whom it names. */
  verify(signed: Signed<B>): boolean {
    const known = this.#verdicts.get(signed);
    if (known !== undefined) return known;
    const isTrue = signed.from < this.#keys.length && signed.seal === this.#seal(signed.from, signed.body);
    this.#verdicts.set(signed, isTrue);
    return isTrue;
  }

  #seal(from: number, body: B): string {
    return textDigest(this.#keys[from] as Uint8Array, this.#textOf(body));
  }
}
