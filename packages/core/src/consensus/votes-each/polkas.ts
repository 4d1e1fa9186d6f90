import { equalBytes } from '../../base/bytes.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { Proof } from './decided.ts';
import { POLKAS_KEPT } from './limits.ts';

/** The quorums of prevotes of a height that are known, at most {@link POLKAS_KEPT}, the latest first. */
export class Polkas {
  #proofs: readonly Proof[] = [];

  /** All of them. */
  get all(): readonly Proof[] {
    return this.#proofs;
  }

  /** The latest one: its block is the paper's validValue, its round validRound. */
  get latest(): Proof | undefined {
    return this.#proofs[0];
  }

  /** Adds one of a later round than those before. */
  add(proof: Proof): void {
    this.#proofs = [proof, ...this.#proofs].slice(0, POLKAS_KEPT);
  }

  /** True when a quorum prevoted a block in this round or a later one. */
  has(blockId: Hash, roundMin: number): boolean {
    return this.#proofs.some(
      ({ certificate }) => certificate.round >= roundMin && equalBytes(certificate.blockId, blockId),
    );
  }
}
