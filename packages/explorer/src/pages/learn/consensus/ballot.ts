import { assert } from '@calin/core/base/assert.ts';
import { compareBytes } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { voteMessage } from '@calin/core/consensus/votes-each/vote.ts';
import { type Counted, VoteTally } from '@calin/core/consensus/votes-each/vote-tally.ts';
import { verifyQuorum } from '@calin/core/consensus/voting/signers.ts';
import { type Hash, hash, ZERO_HASH } from '@calin/core/crypto/hash.ts';
import { sign, verifySignature } from '@calin/core/crypto/signature.ts';
import { quorumWeight, type ValidatorSet } from '@calin/core/primitives/validator-set.ts';
import { type PracticeKey, practiceKey } from '../practice/practice-key.ts';

/** The blocks that the validators vote on: two of one height, as if their proposer had made both. */
export const CHOICES = ['red', 'blue'] as const;
/** One of the two. */
export type Choice = (typeof CHOICES)[number];

const NAMES = ['A', 'B', 'C', 'D'] as const;
const KEYS: readonly PracticeKey[] = NAMES.map(practiceKey);
const CHAIN_ID = hash('message', utf8Bytes('practice ballot'));

/** Four validators of the same weight who vote for one of two blocks of a height. */
export class Ballot {
  readonly set: ValidatorSet;
  /** In the order of the set, which is that of their keys; called so. */
  readonly members: readonly PracticeKey[] = KEYS.toSorted((a, b) =>
    compareBytes(a.publicKey, b.publicKey),
  ).map((key, i) => ({ ...key, name: NAMES[i] ?? '' }));
  readonly #tally: VoteTally;

  constructor() {
    const members = this.members.map(({ publicKey }) => ({ publicKey, weight: 1 }));
    this.set = { epoch: 0, members, seed: ZERO_HASH };
    this.#tally = new VoteTally(this.set);
  }

  /** The weight that makes a block final. */
  get quorum(): number {
    return quorumWeight(this.set);
  }

  /** A validator signs a vote for a block, and the vote is counted. */
  vote(member: number, choice: Choice): Counted {
    const vote = voteFor(choice);
    const signature = sign(voteMessage(CHAIN_ID, vote), (this.members[member] as PracticeKey).secretKey);
    return this.#tally.add({ ...vote, member, signature });
  }

  /** Who has voted for a block, by their positions. */
  votersOf(choice: Choice): readonly number[] {
    return [...this.#tally.votes()]
      .filter(({ blockId }) => blockId === idOf(choice))
      .map(({ member }) => member)
      .toSorted((a, b) => a - b);
  }

  /** Those who voted for both: each pair of such votes is evidence that costs them their stake. */
  get liars(): readonly number[] {
    const blue = this.votersOf('blue');
    return this.votersOf('red').filter((member) => blue.includes(member));
  }

  /**
   * Whether the votes for a block are a certificate that everybody can check, signature by signature; refuses by
   * `consensus/certificate-weight` where they are too few.
   */
  certify(choice: Choice): Result<undefined> {
    const vote = voteFor(choice);
    const held = [...this.#tally.votes()].find(({ blockId }) => blockId === vote.blockId);
    const none = { memberCount: this.set.members.length, indices: [], signatures: [] };
    const signers = held === undefined ? none : this.#tally.certificate(held, 'precommit');
    return verifyQuorum(signers, this.set, voteMessage(CHAIN_ID, vote), verifySignature);
  }
}

function voteFor(choice: Choice) {
  return { kind: 'precommit', epoch: 0, height: 1, round: 0, validRound: -1, blockId: idOf(choice) } as const;
}

const IDS: ReadonlyMap<Choice, Hash> = new Map(
  CHOICES.map((choice) => [choice, hash('header', utf8Bytes(`practice block ${choice}`))]),
);

function idOf(choice: Choice): Hash {
  const id = IDS.get(choice);
  assert(id !== undefined, 'a block that is voted on');
  return id;
}
