import { assert } from '@calin/core/base/assert.ts';
import type { Signed } from '../study-keys.ts';
import type { Accuser } from '../study-protocol.ts';
import type {
  PbftBody,
  PbftMessage,
  PrePrepareBody,
  Proposal,
  ViewChangeBody,
  VoteBody,
} from './pbft-messages.ts';
import { isViewChange, type ProofContext } from './proofs.ts';

/** Statements that are remembered: more than any run makes. */
const CLAIMS_MAX = 1_000_000;

/**
 * Names replicas by what they signed: two statements of one kind for one number in one view; or a commit, and later a
 * wish for a new view that does not know of what was prepared. An honest replica never does either. When two honest
 * ones execute different requests, more than f have: two quorums of one view have f + 1 replicas in common, and so have
 * a quorum that committed and one that began a later view. Anybody who has the messages can check it.
 */
export class PbftAccuser implements Accuser<PbftMessage> {
  readonly #context: ProofContext;
  readonly #guilty = new Map<number, string>();
  readonly #claims = new Map<string, string>();
  /** By replica: the highest view of its commits for each number, in the order in which they were heard. */
  readonly #commits = new Map<number, { readonly view: number; readonly seq: number }[]>();
  readonly #wishes = new Map<number, Map<number, ViewChangeBody>>();

  constructor(context: ProofContext) {
    this.#context = context;
  }

  heard(_from: number, message: PbftMessage): void {
    switch (message.kind) {
      case 'pre-prepare':
        return this.#proposal(message.proposal);
      case 'prepare':
      case 'commit':
        return this.#statement(message.signed);
      case 'view-change':
        return this.#wish(message.signed);
      case 'new-view':
        for (const wish of message.signed.body.viewChanges) this.#wish(wish);
        for (const proposal of message.signed.body.proposals) this.#proposal(proposal);
    }
  }

  get guilty(): ReadonlyMap<number, string> {
    for (const [from, commits] of this.#commits) {
      for (const wish of this.#wishes.get(from)?.values() ?? []) {
        const forgotten = commits.find(({ view, seq }) => forgets(wish, view, seq));
        if (forgotten === undefined) continue;
        const { view, seq } = forgotten;
        this.#accuse(from, `a commit for ${seq} in view ${view}, forgotten in view ${wish.view}`);
      }
    }
    return this.#guilty;
  }

  #proposal({ prePrepare }: Proposal): void {
    this.#statement(prePrepare);
  }

  #statement(signed: Signed<PrePrepareBody | VoteBody>): void {
    const { from, body } = signed;
    const { kind, view, seq, digest } = body;
    const key = `${from} ${kind} ${view} ${seq}`;
    const known = this.#claims.get(key);
    if (known === digest || !this.#isTrue(signed)) return;
    if (known !== undefined) return this.#accuse(from, `two of ${kind} for ${seq} in view ${view}`);
    this.#claims.set(key, digest);
    assert(this.#claims.size <= CLAIMS_MAX, 'a run ends before');
    if (kind !== 'commit') return;
    const commits = this.#commits.get(from) ?? [];
    commits.push({ view, seq });
    this.#commits.set(from, commits);
  }

  #wish(signed: Signed<ViewChangeBody>): void {
    const { from, body } = signed;
    const own = this.#wishes.get(from) ?? new Map<number, ViewChangeBody>();
    if (own.has(body.view) || !isViewChange(this.#context, signed)) return;
    own.set(body.view, body);
    this.#wishes.set(from, own);
    for (const proof of body.prepared) {
      this.#proposal(proof);
      for (const prepare of proof.prepares) this.#statement(prepare);
    }
  }

  #isTrue(signed: Signed<PbftBody>): boolean {
    return signed.from < this.#context.nodes && this.#context.keys.verify(signed);
  }

  #accuse(node: number, offence: string): void {
    if (!this.#guilty.has(node)) this.#guilty.set(node, offence);
  }
}

/** True when who committed in a view says later that it has nothing of that view, or of one after it. */
function forgets(wish: ViewChangeBody, view: number, seq: number): boolean {
  if (wish.view <= view || wish.stableSeq >= seq) return false;
  return !wish.prepared.some(({ prePrepare: { body } }) => body.seq === seq && body.view >= view);
}
