import { bytesKey } from '../../base/bytes-key.ts';
import type { Validator, ValidatorSet } from '../../primitives/validator-set.ts';
import { isSameLink, type Link, type LinkCertificate, type LinkVote, linkOffence } from './link.ts';

/** The votes for the targets of one height; of each member at most two that differ. */
interface HeightVotes {
  readonly set: ValidatorSet;
  /** By the key of the validator's public key. */
  readonly votes: Map<string, LinkVote[]>;
  readonly weights: Map<string, { readonly link: Link; weight: number }>;
}

/** What became of a vote that was offered. */
export interface CountedLink {
  readonly isNew: boolean;
  /** A vote of the same validator that contradicts it, if there is one. */
  readonly contradicted: LinkVote | undefined;
  /** The weight of all who voted for this link. */
  readonly weight: number;
}

/** Votes by the heights of their targets, within a window that moves with the chain. */
export class LinkVotes {
  readonly #heights = new Map<number, HeightVotes>();

  /** Votes held. */
  get size(): number {
    let size = 0;
    for (const { votes } of this.#heights.values()) for (const list of votes.values()) size += list.length;
    return size;
  }

  /** Forgets targets below a height. */
  prune(heightMin: number): void {
    for (const height of this.#heights.keys()) if (height < heightMin) this.#heights.delete(height);
  }

  /** True when {@link add} would change nothing. */
  has(vote: LinkVote, set: ValidatorSet): boolean {
    const held = this.#heights.get(vote.target.height)?.votes.get(keyOf(vote, set)) ?? [];
    return held.length >= 2 || held.some((other) => isSameLink(other, vote));
  }

  /** Counts a vote whose signature holds and whose member is one of the set. */
  add(vote: LinkVote, set: ValidatorSet): CountedLink {
    const height = this.#at(vote.target.height, set);
    const entry = entryOf(height, vote);
    if (this.has(vote, set)) return { isNew: false, contradicted: undefined, weight: entry.weight };
    const key = keyOf(vote, set);
    const contradicted = this.#contradicted(key, vote);
    height.votes.set(key, [...(height.votes.get(key) ?? []), vote]);
    entry.weight += (set.members[vote.member] as Validator).weight;
    return { isNew: true, contradicted, weight: entry.weight };
  }

  /** The certificate of all who voted for a link. */
  certificate(link: Link, set: ValidatorSet): LinkCertificate {
    const votes = this.at(link.target.height)
      .filter((vote) => isSameLink(vote, link))
      .toSorted((a, b) => a.member - b.member);
    const { epoch, source, target } = link;
    return {
      epoch,
      source,
      target,
      memberCount: set.members.length,
      indices: votes.map(({ member }) => member),
      signatures: votes.map(({ signature }) => signature),
    };
  }

  /** The weight of all who voted for targets at a height. */
  weightAt(height: number): number {
    const held = this.#heights.get(height);
    const voted = held?.set.members.filter(({ publicKey }) => held.votes.has(bytesKey(publicKey))) ?? [];
    return voted.reduce((sum, { weight }) => sum + weight, 0);
  }

  /** All votes for targets at a height. */
  at(height: number): readonly LinkVote[] {
    return [...(this.#heights.get(height)?.votes.values() ?? [])].flat();
  }

  /** All votes for targets above a height, the lowest first. */
  above(height: number): readonly LinkVote[] {
    const heights = [...this.#heights.keys()].filter((one) => one > height).toSorted((a, b) => a - b);
    return heights.flatMap((one) => this.at(one));
  }

  #at(height: number, set: ValidatorSet): HeightVotes {
    let held = this.#heights.get(height);
    if (held === undefined) {
      held = { set, votes: new Map(), weights: new Map() };
      this.#heights.set(height, held);
    }
    return held;
  }

  #contradicted(key: string, vote: LinkVote): LinkVote | undefined {
    for (const { votes } of this.#heights.values()) {
      const other = votes.get(key)?.find((one) => linkOffence(one, vote) !== undefined);
      if (other !== undefined) return other;
    }
    return undefined;
  }
}

function keyOf({ member }: LinkVote, set: ValidatorSet): string {
  return bytesKey((set.members[member] as Validator).publicKey);
}

function entryOf({ weights }: HeightVotes, { epoch, source, target }: Link) {
  const key = bytesKey(source.id) + bytesKey(target.id) + source.height;
  const entry = weights.get(key) ?? { link: { epoch, source, target }, weight: 0 };
  weights.set(key, entry);
  return entry;
}
