import { equalBytes } from '../../base/bytes.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import type { Validator, ValidatorSet } from '../../primitives/validator-set.ts';
import type { Certificate } from './certificate.ts';
import type { SignedVote } from './vote.ts';

/** What became of a vote that was offered to a tally. */
export type Counted =
  /** Counted for the first time. */
  | { readonly kind: 'new' }
  /** Counted before, or one more of somebody who contradicted itself before. */
  | { readonly kind: 'known' }
  /** Counted, and the validator had voted otherwise. */
  | { readonly kind: 'contradiction'; readonly before: SignedVote };

/**
 * The votes of one kind in one round. A validator that contradicts itself counts for both of its first two votes: which
 * came first differs from node to node, and what a quorum voted for has to be seen everywhere. So there are at most two
 * votes for each member of the set.
 */
export class VoteTally {
  readonly #set: ValidatorSet;
  readonly #first = new Map<number, SignedVote>();
  readonly #second = new Map<number, SignedVote>();
  /** By what was voted. */
  readonly #weights = new Map<string, { readonly vote: SignedVote; weight: number }>();
  #weight = 0;

  constructor(set: ValidatorSet) {
    this.#set = set;
  }

  /** Weight of everybody who voted, for whatever. */
  get weight(): number {
    return this.#weight;
  }

  /** Votes held. */
  get size(): number {
    return this.#first.size + this.#second.size;
  }

  /** True when {@link add} would change nothing; spares the check of a signature. */
  has(vote: SignedVote): boolean {
    const first = this.#first.get(vote.member);
    if (first === undefined) return false;
    return isSame(first, vote) || this.#second.has(vote.member);
  }

  /** Counts a vote whose signature holds and whose member is one of the set. */
  add(vote: SignedVote): Counted {
    if (this.has(vote)) return { kind: 'known' };
    const { weight } = this.#set.members[vote.member] as Validator;
    const before = this.#first.get(vote.member);
    const key = voteKey(vote);
    const entry = this.#weights.get(key) ?? { vote, weight: 0 };
    entry.weight += weight;
    this.#weights.set(key, entry);
    if (before === undefined) {
      this.#first.set(vote.member, vote);
      this.#weight += weight;
      return { kind: 'new' };
    }
    this.#second.set(vote.member, vote);
    return { kind: 'contradiction', before };
  }

  /** What votes of at least `quorum` agree on, as one of them. */
  leader(quorum: number): SignedVote | undefined {
    for (const { vote, weight } of this.#weights.values()) if (weight >= quorum) return vote;
    return undefined;
  }

  /** All votes held, those counted first before the contradicting ones. */
  *votes(): Generator<SignedVote> {
    yield* this.#first.values();
    yield* this.#second.values();
  }

  /** The certificate of everybody who agrees with a vote that is held. */
  certificate(vote: SignedVote, kind: Certificate['kind']): Certificate {
    const votes = [...this.votes()]
      .filter((other) => isSame(other, vote))
      .toSorted((a, b) => a.member - b.member);
    const { epoch, height, round, validRound, blockId } = vote;
    return {
      kind,
      epoch,
      height,
      round,
      validRound,
      blockId,
      memberCount: this.#set.members.length,
      indices: votes.map(({ member }) => member),
      signatures: votes.map(({ signature }) => signature),
    };
  }
}

function voteKey({ blockId, validRound }: SignedVote): string {
  return `${bytesKey(blockId)}${validRound}`;
}

function isSame(a: SignedVote, b: SignedVote): boolean {
  return a.validRound === b.validRound && equalBytes(a.blockId, b.blockId);
}
