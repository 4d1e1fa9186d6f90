import { epochOfHeight, type ValidatorView } from '@calin/core/primitives/validator-set.ts';
import type { FinalitySpec } from '@calin/core/spec/chain-spec.ts';

/** What the sets of a chain follow. */
export interface SetScheduleOptions {
  readonly finality: FinalitySpec;
  readonly epochBlocks: number;
}

/** The sets that a client has. */
interface KnownEpochs extends ValidatorView {
  /** The newest one of an epoch that is not above this one. */
  newestUpTo(epoch: number): number;
}

/** Knows which block has to be proved final next, and which set the state after it has to prove. */
export class SetSchedule {
  /** Blocks between those that become final by a certificate of their own. */
  readonly #interval: number;
  /** How far above a block the height lies whose validators sign for it. */
  readonly #signedAhead: number;
  readonly #epochBlocks: number;

  constructor({ finality, epochBlocks }: SetScheduleOptions) {
    this.#interval = finality.kind === 'votes' ? finality.intervalBlocks : 1;
    this.#signedAhead = finality.kind === 'votes' ? finality.intervalBlocks : 0;
    this.#epochBlocks = epochBlocks;
  }

  /**
   * Whether the set of each epoch can be proved before anything has to be checked with it: two checkpoints lie in every
   * epoch.
   */
  get isFollowable(): boolean {
    return this.#signedAhead === 0 || 2 * this.#interval <= this.#epochBlocks;
  }

  /** The newest set that stands in the state after a block. */
  newestAfter(height: number): number {
    return Math.floor(height / this.#epochBlocks) + 1;
  }

  /**
   * What to ask for. Where the signers of the block are known, that block, with the sets for what follows it. Else a
   * block on the way whose signers are known, as far ahead as there is one, with the set that is needed beyond: the
   * last block of an epoch has the set of the epoch after the next.
   *
   * @param sets - those that are known
   * @param finalHeight - where the server says that the chain is
   */
  next(
    sets: KnownEpochs,
    finalHeight: number,
  ): { readonly height: number; readonly sets: readonly number[] } {
    const needed = this.#signers(finalHeight);
    const newest = sets.newestUpTo(needed);
    if (newest === needed) {
      const after = [needed + 1, this.newestAfter(finalHeight)];
      const missing = after.filter((epoch, i) => sets.at(epoch) === undefined && after.indexOf(epoch) === i);
      return { height: finalHeight, sets: missing.filter((epoch) => epoch <= this.newestAfter(finalHeight)) };
    }
    if (this.#signedAhead === 0) {
      const height = (newest + 1) * this.#epochBlocks;
      return { height, sets: [Math.min(needed, newest + 2)] };
    }
    // The last block of an epoch, or the first checkpoint after it, is signed for in the epoch that follows.
    const height = Math.ceil((newest * this.#epochBlocks) / this.#interval) * this.#interval;
    return { height, sets: [newest + 1] };
  }

  /** The epoch whose validators sign for a block. */
  #signers(height: number): number {
    return epochOfHeight(height + this.#signedAhead, this.#epochBlocks);
  }
}
