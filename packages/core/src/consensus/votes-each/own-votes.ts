import { assert } from '../../base/assert.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { Signature } from '../../crypto/signature.ts';
import { validatorIndex } from '../../primitives/validator-set.ts';
import type { VotingDependencies, VotingEffect } from '../voting/voting-engine.ts';
import type { HeightVotes } from './height-votes.ts';
import { SIGN_JOBS_MAX } from './limits.ts';
import { decodeRecord, encodeRecord, type VotesEachRecord } from './record.ts';
import { encodeSignedVote, type SignedVote, type Vote, type VoteKind, voteMessage } from './vote.ts';

/** What has to be saved with a vote. */
export type VotingState = Pick<VotesEachRecord, 'lock' | 'polka'>;

/**
 * The voice of one validator: it votes once of each kind in a round, and what it votes is in its record before it is
 * signed. It keeps the votes of the last two rounds in which it voted, for those who are one round behind may lack the
 * very votes with which this node went on.
 */
export class OwnVotes {
  readonly #dependencies: Pick<VotingDependencies, 'chainId' | 'publicKey'>;
  #votes: { readonly vote: Vote; bytes: Uint8Array | undefined }[] = [];
  readonly #jobs = new Map<number, Vote>();
  #nextJob = 1;
  /** A record whose height is not behind: until it is reached, this node does not vote. */
  #record: VotesEachRecord | undefined;
  #member: number | undefined;

  /** @throws AssertionError when the record is malformed */
  constructor(dependencies: Pick<VotingDependencies, 'chainId' | 'publicKey'>) {
    this.#dependencies = dependencies;
  }

  /** This node's position in the set of the height; undefined when it has no vote. */
  get member(): number | undefined {
    return this.#member;
  }

  /** Takes the record of the run before. */
  load(record: Uint8Array): void {
    this.#record = decodeRecord(record);
  }

  /** Begins a height; returns its record, if the run before came as far as that. */
  enter({ height, electorate }: HeightVotes): VotesEachRecord | undefined {
    const { publicKey } = this.#dependencies;
    this.#member = publicKey === undefined ? undefined : validatorIndex(electorate.set, publicKey);
    this.#jobs.clear();
    const record = this.#record;
    const isReached = record?.height === height;
    this.#votes = isReached ? record.votes.map((vote) => ({ vote, bytes: undefined })) : [];
    if (record !== undefined && record.height > height) this.#member = undefined;
    else this.#record = undefined;
    return isReached ? record : undefined;
  }

  /** What this node voted, if it did. */
  find(round: number, kind: VoteKind): Vote | undefined {
    return this.#votes.find(({ vote }) => vote.round === round && vote.kind === kind)?.vote;
  }

  /** The bytes of the votes that are signed, oldest first. */
  signed(): readonly Uint8Array[] {
    return this.#votes.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]));
  }

  /** Votes, unless this node has no vote or has cast the one of this kind and round. */
  cast(vote: Vote, state: VotingState): readonly VotingEffect[] {
    if (this.#member === undefined || this.find(vote.round, vote.kind) !== undefined) return [];
    this.#votes.push({ vote, bytes: undefined });
    this.#votes = this.#votes.filter((other) => other.vote.round >= vote.round - 1);
    const { height, round } = vote;
    const record = encodeRecord({ height, round, ...state, votes: this.#votes.map((own) => own.vote) });
    return [{ kind: 'save', record }, this.#sign(vote)];
  }

  /** Asks for the signatures of a record's votes: they may not have been sent. */
  repeat(): readonly VotingEffect[] {
    return this.#votes.map(({ vote }) => this.#sign(vote));
  }

  /** The vote that is signed now; undefined when the height is over, or the signer would not. */
  take(job: number, signature: Signature | undefined): SignedVote | undefined {
    const vote = this.#jobs.get(job);
    this.#jobs.delete(job);
    if (vote === undefined || signature === undefined) return undefined;
    assert(this.#member !== undefined, 'only a member asks for signatures');
    const signed = { ...vote, member: this.#member, signature };
    const own = this.#votes.find((other) => other.vote === vote);
    if (own !== undefined) own.bytes = encodeSignedVote(signed);
    return signed;
  }

  #sign(vote: Vote): VotingEffect {
    const job = this.#nextJob++;
    this.#jobs.set(job, vote);
    const [oldest] = this.#jobs.keys();
    if (this.#jobs.size > SIGN_JOBS_MAX && oldest !== undefined) this.#jobs.delete(oldest);
    const message: Hash = voteMessage(this.#dependencies.chainId, vote);
    return { kind: 'sign', job, message };
  }
}
