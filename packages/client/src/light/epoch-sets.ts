import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { decidedAt, needsValidators } from '@calin/core/chain/validators.ts';
import { epochOfHeight } from '@calin/core/primitives/validator-set.ts';
import type { ConsensusSpec } from '@calin/core/spec/chain-spec.ts';
import type { Followed } from './followed.ts';
import { type KnownSets, proveSets } from './known-sets.ts';
import type { LightRequest, SetProof } from './light-update.ts';

/** The sets that headers are checked with, on a chain whose makers change with the epochs; nothing on any other. */
export class EpochSets {
  readonly #sets: KnownSets;
  readonly #epochBlocks: number | undefined;

  constructor(sets: KnownSets, consensus: ConsensusSpec) {
    this.#sets = sets;
    this.#epochBlocks = needsValidators(consensus) ? consensus.validators?.epochBlocks : undefined;
  }

  /** Whether headers of this height can be checked. */
  isKnown(height: number): boolean {
    return (
      this.#epochBlocks === undefined || this.#sets.at(epochOfHeight(height, this.#epochBlocks)) !== undefined
    );
  }

  /**
   * The next set that is not known, as soon as a final block proves it.
   *
   * @param isFinal - whether a block is final and its header still here
   */
  missing(isFinal: (height: number) => boolean): LightRequest | undefined {
    if (this.#epochBlocks === undefined) return undefined;
    const epoch = this.#sets.newest + 1;
    const height = decidedAt(epoch, this.#epochBlocks);
    return isFinal(height) ? { kind: 'sets', height, sets: [epoch] } : undefined;
  }

  /** Takes sets in the state after a final block; true when one of them is new. */
  take(block: Followed, proofs: readonly SetProof[]): Result<boolean> {
    const proved = proveSets(block, proofs);
    if (!proved.ok) return proved;
    const added = proved.value.filter(({ epoch }) => this.#sets.at(epoch) === undefined);
    this.#sets.add(added);
    return ok(added.length > 0);
  }
}
