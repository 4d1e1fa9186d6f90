import { equalBytes } from '../base/bytes.ts';
import { ok, type Result } from '../base/result.ts';
import { subjectOf } from '../chain/certificate-subject.ts';
import type { Chain } from '../chain/chain.ts';
import type { Judge } from '../primitives/judge.ts';
import { decodeValidatorSet, type ValidatorSet, type ValidatorView } from '../primitives/validator-set.ts';
import type { FinalitySpec } from '../spec/chain-spec.ts';
import type { Outbox } from './outbox.ts';

/** Epochs that are looked at in one go: each takes a few records of the store. */
const EPOCHS_AT_ONCE = 16;

/** Checkpoints of an epoch that are looked at, at most. */
const CHECKPOINTS_LOOKED_AT = 16;

/** What finding past certificates needs. */
export interface PastCertificatesDependencies {
  readonly finality: FinalitySpec;
  readonly epochBlocks: number;
  readonly chain: Pick<Chain, 'certificate' | 'final' | 'idAt' | 'layout' | 'setProof'>;
  readonly outbox: Outbox;
  /** Checks a certificate by these sets. */
  judge(validators: ValidatorView): Judge | undefined;
}

/**
 * Knows which certificates of epochs gone by this node lacks, and takes them from peers. Blocks bring certificates of
 * their own epoch alone, so who was not there when an epoch ended lacks the one that leads light clients over its end.
 * One of each epoch is looked for: of the first block whose state holds the set of the next epoch but one.
 *
 * @see docs/reference/light-client.md#what-a-node-keeps-for-light-clients
 */
export class PastCertificates {
  readonly #deps: PastCertificatesDependencies;
  /** Blocks between those that become final by a certificate of their own. */
  readonly #interval: number;
  /** How far above a block the height lies whose validators sign for it. */
  readonly #signedAhead: number;
  /** The end of this many epochs is looked at next. Whoever knows the genesis block has the sets of the first two. */
  #epoch: number;
  #hasSkipped = false;

  constructor(dependencies: PastCertificatesDependencies) {
    const { finality } = dependencies;
    this.#deps = dependencies;
    this.#interval = finality.kind === 'votes' ? finality.intervalBlocks : 1;
    this.#signedAhead = finality.kind === 'votes' ? finality.intervalBlocks : 0;
    this.#epoch = this.#first;
  }

  /**
   * The height of a final block whose certificate should be asked for; undefined while none is known to be missing. It
   * looks at {@link EPOCHS_AT_ONCE} epochs and no more, so more may be missing after it has said nothing.
   */
  get missing(): number | undefined {
    const { chain } = this.#deps;
    for (let looked = 0; looked < EPOCHS_AT_ONCE && this.#last <= chain.final.height; looked++) {
      if (!this.#isProvable()) return this.#height;
      this.#epoch += 1;
    }
    return undefined;
  }

  /** True when there are epochs left that were not looked at. */
  get isBehind(): boolean {
    return this.#last <= this.#deps.chain.final.height;
  }

  /** Nobody has what is missing: goes on with the next epoch. */
  skip(): void {
    this.#hasSkipped = true;
    this.#epoch += 1;
  }

  /** Looks at all again if something was skipped: others may have it by now. */
  again(): void {
    if (this.#hasSkipped) this.#epoch = this.#first;
    this.#hasSkipped = false;
  }

  /**
   * Takes a certificate if it is the one that is missing, and keeps it if it holds.
   *
   * @returns true when it was kept; `consensus/…` for one that does not hold
   */
  take(bytes: Uint8Array): Result<boolean> {
    const { chain, finality, outbox, judge } = this.#deps;
    const subject = subjectOf(finality, bytes);
    const height = subject === undefined ? undefined : this.missing;
    const isMissing = height !== undefined && subject?.height === height;
    // A link that skips checkpoints makes nothing final.
    if (!isMissing || subject.signedHeight !== height + this.#signedAhead) return ok(false);
    const judged = judge({ at: (epoch) => this.#setOf(epoch) })?.certificate(bytes);
    if (judged?.ok === false) return judged;
    const id = chain.idAt(height);
    if (id === undefined || !equalBytes(id, subject.id)) {
      outbox.log('error', 'voting', 'a quorum has signed another block than the final one', { height });
      return ok(false);
    }
    outbox.commit({ puts: [[chain.layout.certificate(height), bytes]], deletes: [] });
    this.#epoch += 1;
    return ok(true);
  }

  get #first(): number {
    return this.#signedAhead === 0 ? 2 : 1;
  }

  /** The first block that can become final of those whose state has the set of the next epoch but one. */
  get #height(): number {
    return this.#firstOf(this.#epoch);
  }

  /** The last block for which the same validators sign; after it a later certificate is of no use. */
  get #last(): number {
    if (this.#signedAhead === 0) return this.#height;
    return (this.#epoch + 1) * this.#deps.epochBlocks;
  }

  #firstOf(epochs: number): number {
    return Math.ceil((epochs * this.#deps.epochBlocks) / this.#interval) * this.#interval;
  }

  /** Whether a light client that knows the validators who signed is given the next ones by this node. */
  #isProvable(): boolean {
    const { chain } = this.#deps;
    for (let height = this.#height, looked = 0; looked < CHECKPOINTS_LOOKED_AT; looked++) {
      const isHere = chain.certificate(height) !== undefined;
      if (isHere && (looked === 0 || chain.setProof(height, this.#epoch + 1) !== undefined)) return true;
      height += this.#interval;
      if (height + this.#signedAhead > this.#last) return false;
    }
    return false;
  }

  /** As the proof of it says that is kept for light clients. */
  #setOf(epoch: number): ValidatorSet | undefined {
    const { chain } = this.#deps;
    for (const epochs of [epoch - 1, epoch]) {
      const kept = epochs < 1 ? undefined : chain.setProof(this.#firstOf(epochs), epoch);
      if (kept !== undefined) return decodeValidatorSet(kept.value);
    }
    return undefined;
  }
}
