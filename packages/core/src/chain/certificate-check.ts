import { equalBytes } from '../base/bytes.ts';
import type { Failure } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { VerifySignature } from '../crypto/signature.ts';
import type { Header } from '../primitives/header.ts';
import { epochOfHeight } from '../primitives/validator-set.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { WorldState } from '../state/world-state.ts';
import { subjectOf } from './certificate-subject.ts';
import type { ChainDependencies } from './chain-parts.ts';
import { layout } from './layout.ts';
import { refuseData } from './rules.ts';
import { areSetProofsRight } from './set-proofs.ts';
import { decidedAt, validatorsAfterState } from './validators.ts';
import { atHeight } from './verify-pruned.ts';

interface Waiting {
  readonly height: number;
  readonly bytes: Uint8Array;
  /** The block after which it is known who could sign. */
  readonly dueHeight: number;
}

/**
 * Compares the certificates of a store with the blocks that they make final and with the validators of their time, and
 * the proofs of sets with the states that they are about.
 */
export class CertificateCheck {
  readonly #spec: ChainSpec;
  readonly #chainId: Hash;
  readonly #deps: ChainDependencies & { readonly verifySeal: VerifySignature };
  /** A few: links reach one checkpoint ahead. */
  #waiting: readonly Waiting[] = [];

  constructor(
    spec: ChainSpec,
    chainId: Hash,
    deps: ChainDependencies & { readonly verifySeal: VerifySignature },
  ) {
    this.#spec = spec;
    this.#chainId = chainId;
    this.#deps = deps;
  }

  /**
   * Takes the next block of the best branch.
   *
   * @param state - after the block
   * @returns `data/corrupt-record` for proofs or a certificate of something else, `consensus/…` for one that does not
   *   hold
   */
  connect(id: Hash, { height }: Header, state: WorldState): Failure | undefined {
    const { validators, finality } = this.#spec.consensus;
    const bytes = this.#deps.store.get(layout.certificate(height));
    if (validators === undefined) return undefined;
    if (!areSetProofsRight(this.#deps.store, { id, height }, state, validators.epochBlocks)) {
      return refuseData('data/corrupt-record', { record: 'proofs of validator sets', height });
    }
    if (bytes !== undefined) {
      const subject = subjectOf(finality, bytes);
      if (subject?.height !== height || !equalBytes(subject.id, id)) {
        return refuseData('data/corrupt-record', { record: 'certificate', height });
      }
      const { epochBlocks } = validators;
      const dueHeight = decidedAt(epochOfHeight(subject.signedHeight, epochBlocks), epochBlocks);
      this.#waiting = [...this.#waiting, { height, bytes, dueHeight }];
    }
    return this.#judge(height, state);
  }

  #judge(height: number, state: WorldState): Failure | undefined {
    const due = this.#waiting.filter(({ dueHeight }) => dueHeight <= height);
    if (due.length === 0) return undefined;
    this.#waiting = this.#waiting.filter((waiting) => !due.includes(waiting));
    const { consensus, verifySeal } = this.#deps;
    const validators = validatorsAfterState(this.#spec.consensus, state);
    const judge = consensus.judge({ chainId: this.#chainId, validators, verify: verifySeal });
    for (const { height: certified, bytes } of due) {
      const judged = judge?.certificate(bytes);
      if (judged?.ok === false) return atHeight(judged, certified);
    }
    return undefined;
  }
}
