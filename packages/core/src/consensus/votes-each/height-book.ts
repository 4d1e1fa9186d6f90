import { assert } from '../../base/assert.ts';
import type { Hash } from '../../crypto/hash.ts';
import { epochOfHeight } from '../../primitives/validator-set.ts';
import type { BlockRef, VotingDependencies, VotingProgress } from '../voting/voting-engine.ts';
import { createElectorate, type Electorate, HeightVotes } from './height-votes.ts';
import { RESENT_VOTES_MAX } from './limits.ts';
import { encodeSignedVote, type SignedVote } from './vote.ts';

/** The votes of three heights: the present one, the one before for late evidence, the next one for who is slow. */
export class HeightBook {
  readonly #dependencies: Pick<VotingDependencies, 'epochBlocks' | 'validators' | 'validatorsAfter'>;
  #past: HeightVotes | undefined;
  #present: HeightVotes | undefined;
  #next: HeightVotes | undefined;
  #resent = 0;

  constructor(dependencies: Pick<VotingDependencies, 'epochBlocks' | 'validators' | 'validatorsAfter'>) {
    this.#dependencies = dependencies;
  }

  /** The height that is voted on. */
  get present(): HeightVotes {
    assert(this.#present !== undefined, 'the first event is a start');
    return this.#present;
  }

  /** Votes held. */
  get size(): number {
    return [this.#past, this.#present, this.#next].reduce((sum, held) => sum + (held?.size ?? 0), 0);
  }

  /**
   * Goes on to the height after a final block, with the votes that came early.
   *
   * @throws AssertionError when its validators are not known: that block, or one before it, decided them
   */
  enter(final: BlockRef): HeightVotes {
    const height = final.height + 1;
    const votes = this.#next?.height === height ? this.#next : this.#create(height, final.id);
    assert(votes !== undefined, `the validators of height ${height} are known`);
    this.#past = this.#present?.height === height - 1 ? this.#present : undefined;
    [this.#present, this.#next] = [votes, undefined];
    return votes;
  }

  /** How far a round of the present height has come: who has prevoted; once that is a quorum, who has precommitted. */
  progress(round: number): VotingProgress {
    const { height, electorate } = this.present;
    const { prevote, precommit } = this.present.at(round);
    const { quorum } = electorate;
    const heard = prevote.weight < quorum ? prevote.weight : precommit.weight;
    return { height, round, heard, quorum };
  }

  /** The votes of a height, if it is one of the three and its validators are known. */
  at(height: number): HeightVotes | undefined {
    if (height === this.present.height + 1) this.#next ??= this.#create(height);
    return [this.#past, this.#present, this.#next].find((held) => held?.height === height);
  }

  /**
   * Votes of this round and the one before it to send again, those that were sent longest ago.
   *
   * @param self - a member whose votes are left out
   */
  resend(round: number, self: number | undefined): readonly Uint8Array[] {
    const held = [round - 1, round].flatMap((one) => (one < 0 ? [] : this.#votesOf(one, self)));
    const count = Math.min(RESENT_VOTES_MAX, held.length);
    return Array.from({ length: count }, () =>
      encodeSignedVote(held[this.#resent++ % held.length] as SignedVote),
    );
  }

  #votesOf(round: number, self: number | undefined): readonly SignedVote[] {
    const { proposal, prevote, precommit } = this.present.at(round);
    return [proposal, prevote, precommit].flatMap((tally) =>
      [...tally.votes()].filter(({ member }) => member !== self),
    );
  }

  #create(height: number, after?: Hash): HeightVotes | undefined {
    const electorate = this.#electorateOf(epochOfHeight(height, this.#dependencies.epochBlocks), after);
    return electorate === undefined ? undefined : new HeightVotes(height, electorate);
  }

  /** Heights of one epoch share what is worked out from their set. */
  #electorateOf(epoch: number, after: Hash | undefined): Electorate | undefined {
    for (const held of [this.#past, this.#present, this.#next]) {
      if (held?.electorate.set.epoch === epoch) return held.electorate;
    }
    const { validators, validatorsAfter } = this.#dependencies;
    const known = after === undefined ? undefined : validatorsAfter?.(after);
    const set = (known ?? validators).at(epoch);
    return set === undefined ? undefined : createElectorate(set, this.#dependencies.epochBlocks);
  }
}
