import type { ValidatorSet } from '../../primitives/validator-set.ts';
import { honestWeight, quorumWeight, type Validator } from '../../primitives/validator-set.ts';
import { ROUNDS_AHEAD_MAX, ROUNDS_PAST_MAX } from './limits.ts';
import { createProposerSchedule, type ProposerSchedule } from './proposer-schedule.ts';
import type { SignedVote } from './vote.ts';
import { type Counted, VoteTally } from './vote-tally.ts';

/** The votes of one round. */
export interface RoundVotes {
  readonly proposal: VoteTally;
  readonly prevote: VoteTally;
  readonly precommit: VoteTally;
}

/** A set of validators with what is worked out from it once. */
export interface Electorate {
  readonly set: ValidatorSet;
  readonly quorum: number;
  /** Weight that must hold somebody honest: f + 1. */
  readonly honest: number;
  readonly proposers: ProposerSchedule;
}

/** Works out quorums and turns of a set. */
export function createElectorate(set: ValidatorSet, epochBlocks: number): Electorate {
  return {
    set,
    quorum: quorumWeight(set),
    honest: honestWeight(set),
    proposers: createProposerSchedule(set, epochBlocks),
  };
}

/**
 * The votes of one height, as far as they matter: those of a few rounds around the present one, and of each validator
 * the latest round that it voted in. So whatever is sent, at most six votes for each member and round are held, in at
 * most {@link ROUNDS_PAST_MAX} + 1 + {@link ROUNDS_AHEAD_MAX} rounds.
 */
export class HeightVotes {
  readonly height: number;
  readonly electorate: Electorate;
  readonly #rounds = new Map<number, RoundVotes>();
  readonly #latest: Int32Array;
  /** See {@link reachedRound}; undefined when it has to be worked out again. */
  #reached: number | undefined = -1;
  #round = 0;

  constructor(height: number, electorate: Electorate) {
    this.height = height;
    this.electorate = electorate;
    this.#latest = new Int32Array(electorate.set.members.length).fill(-1);
  }

  /** Votes held. */
  get size(): number {
    let size = 0;
    for (const { proposal, prevote, precommit } of this.#rounds.values())
      size += proposal.size + prevote.size + precommit.size;
    return size;
  }

  /** Moves the window: forgets rounds that lie too far behind. */
  enter(round: number): void {
    this.#round = round;
    for (const known of this.#rounds.keys()) if (known < round - ROUNDS_PAST_MAX) this.#rounds.delete(known);
  }

  /** True for rounds whose votes are held. */
  isNear(round: number): boolean {
    return round >= this.#round - ROUNDS_PAST_MAX && round <= this.#round + ROUNDS_AHEAD_MAX;
  }

  /** True when {@link add} would change nothing. */
  has(vote: SignedVote): boolean {
    if ((this.#latest[vote.member] as number) < vote.round) return false;
    return !this.isNear(vote.round) || this.at(vote.round)[vote.kind].has(vote);
  }

  /** Counts a vote whose signature holds and whose member is one of the set. */
  add(vote: SignedVote): Counted {
    this.#note(vote.member, vote.round);
    if (!this.isNear(vote.round)) return { kind: 'known' };
    return this.at(vote.round)[vote.kind].add(vote);
  }

  /** Notes that members are in a round, or later: a certificate shows it. */
  reach(members: readonly number[], round: number): void {
    for (const member of members) this.#note(member, round);
  }

  #note(member: number, round: number): void {
    if (round <= (this.#latest[member] as number)) return;
    this.#latest[member] = round;
    this.#reached = undefined;
  }

  /** The votes of a round that {@link isNear}. */
  at(round: number): RoundVotes {
    let votes = this.#rounds.get(round);
    if (votes === undefined) {
      const { set } = this.electorate;
      votes = { proposal: new VoteTally(set), prevote: new VoteTally(set), precommit: new VoteTally(set) };
      if (this.isNear(round)) this.#rounds.set(round, votes);
    }
    return votes;
  }

  /** The rounds that hold votes, in no order. */
  rounds(): ReadonlyMap<number, RoundVotes> {
    return this.#rounds;
  }

  /** The first proposal of whose turn the round is. */
  proposal(round: number): SignedVote | undefined {
    for (const vote of this.at(round).proposal.votes()) return vote;
    return undefined;
  }

  /**
   * The greatest round that somebody honest has reached: validators of at least a third of the weight voted in it or
   * in a later one. −1 when there is none.
   */
  reachedRound(): number {
    this.#reached ??= this.#findReachedRound();
    return this.#reached;
  }

  #findReachedRound(): number {
    const { honest, set } = this.electorate;
    const order = [...this.#latest.entries()].toSorted((a, b) => b[1] - a[1]);
    let weight = 0;
    for (const [member, round] of order) {
      weight += (set.members[member] as Validator).weight;
      if (weight >= honest) return round;
    }
    return -1;
  }
}
