import type { Signed } from '../study-keys.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { PbftMessage, Proposal, RequestBody, VoteBody } from './pbft-messages.ts';
import { requestDigest } from './pbft-messages.ts';
import { execute, lastOf } from './pbft-state.ts';
import { isProposal, isVote } from './proofs.ts';
import type { Replica, Slot } from './replica.ts';

/** Told when a request was executed, or taken over as executed: by its client. */
export type Progress = () => void;

/** The three phases by which a request gets its number and is executed: sections 4.1 and 4.2. */
export class NormalCase {
  readonly #replica: Replica;
  readonly #checkpoints: Checkpoints;
  readonly #progress: Progress;

  constructor(replica: Replica, checkpoints: Checkpoints, progress: Progress) {
    this.#replica = replica;
    this.#checkpoints = checkpoints;
    this.#progress = progress;
  }

  /** Section 4.1: a request from its client, or passed on by a backup. */
  request(from: number, signed: Signed<RequestBody>): void {
    const replica = this.#replica;
    const { nodes, clients, keys } = replica.options;
    const { client, number } = signed.body.request;
    if (signed.from !== client || client < nodes || client >= nodes + clients || !keys.verify(signed)) return;
    const last = lastOf(replica.state, client);
    if (number === last) return this.#answer(client, number);
    const waiting = replica.pending.get(client)?.body.request.number ?? last;
    if (number < waiting || number < last) return;
    if (number > waiting) {
      // Set anew, it stands behind those that wait longer.
      replica.pending.delete(client);
      replica.pending.set(client, signed);
    }
    if (replica.isPrimary) this.propose();
    // A backup passes it on, and waits to see it executed (section 4.2, last paragraph).
    else if (replica.isActive && from === client) replica.send(replica.primary, { kind: 'request', signed });
  }

  /** Section 4.2: the primary gives numbers to what waits, up to the high watermark. */
  propose(): void {
    const replica = this.#replica;
    if (!replica.isActive || !replica.isPrimary) return;
    let last = replica.stable.seq;
    const proposed = new Set<string>();
    for (const { seq, proposal } of replica.slots.values()) {
      if (proposal === undefined) continue;
      last = Math.max(last, seq);
      proposed.add(proposal.prePrepare.body.digest);
    }
    for (const request of replica.pending.values()) {
      const digest = requestDigest(request.body.request);
      if (proposed.has(digest)) continue;
      last += 1;
      if (!replica.isInWindow(last)) return;
      const body = { kind: 'pre-prepare', view: replica.view, seq: last, digest } as const;
      const proposal = { prePrepare: replica.sign(body), request };
      this.accept(proposal);
      replica.broadcast({ kind: 'pre-prepare', proposal });
    }
  }

  /** Section 4.2: a backup takes the first pre-prepare of a number in its view, if it is a client's request. */
  prePrepare(proposal: Proposal): void {
    const replica = this.#replica;
    const { view, seq } = proposal.prePrepare.body;
    if (!replica.isActive || view !== replica.view || !replica.isInWindow(seq) || replica.isPrimary) return;
    if (proposal.request === undefined || replica.slots.get(seq)?.proposal !== undefined) return;
    if (isProposal(replica.options, proposal)) this.accept(proposal);
  }

  /** Accepts a proposal that is right, and says so unless it is the primary's own. */
  accept(proposal: Proposal): void {
    const replica = this.#replica;
    const { view, seq, digest } = proposal.prePrepare.body;
    const slot = replica.slot(seq);
    slot.proposal = proposal;
    replica.saveSlot(slot);
    if (!replica.isPrimary) {
      const signed = replica.sign<VoteBody>({ kind: 'prepare', view, seq, digest });
      slot.prepares.set(replica.options.index, signed);
      replica.broadcast({ kind: 'prepare', signed });
    }
    this.#checkPrepared(slot);
  }

  /** A prepare or a commit, whoever passes it on. */
  vote(signed: Signed<VoteBody>): void {
    const replica = this.#replica;
    const { kind, view, seq } = signed.body;
    if (!replica.isActive || view !== replica.view || !replica.isInWindow(seq)) return;
    if (kind === 'prepare' && signed.from === replica.primary) return;
    const slot = replica.slot(seq);
    const votes = kind === 'prepare' ? slot.prepares : slot.commits;
    if (votes.has(signed.from) || !isVote(replica.options, signed, kind)) return;
    votes.set(signed.from, signed);
    if (kind === 'prepare') this.#checkPrepared(slot);
    else this.#checkCommitted(slot);
  }

  /** Predicate *prepared* of section 4.2: the pre-prepare, and prepares of 2f backups that match it. */
  #checkPrepared(slot: Slot): void {
    const replica = this.#replica;
    const { proposal, seq } = slot;
    if (proposal === undefined || this.#isPrepared(slot)) return;
    const { digest } = proposal.prePrepare.body;
    const prepares = matching(slot.prepares, digest).slice(0, replica.quorum - 1);
    if (prepares.length < replica.quorum - 1) return;
    slot.prepared = { ...proposal, prepares };
    replica.saveSlot(slot);
    const signed = replica.sign<VoteBody>({ kind: 'commit', view: replica.view, seq, digest });
    slot.commits.set(replica.options.index, signed);
    replica.broadcast({ kind: 'commit', signed });
    this.#checkCommitted(slot);
  }

  /** Predicate *committed-local* of section 4.2: prepared here, and commits of a quorum that match. */
  #checkCommitted(slot: Slot): void {
    const { proposal } = slot;
    if (proposal === undefined || slot.isCommitted || !this.#isPrepared(slot)) return;
    const commits = matching(slot.commits, proposal.prePrepare.body.digest);
    if (commits.length < this.#replica.quorum) return;
    slot.isCommitted = true;
    this.executeCommitted();
  }

  #isPrepared({ prepared }: Slot): boolean {
    return prepared?.prePrepare.body.view === this.#replica.view;
  }

  /** Executes what is committed, in the order of the numbers and without gaps. */
  executeCommitted(): void {
    const replica = this.#replica;
    for (;;) {
      const slot = replica.slots.get(replica.state.seq + 1);
      if (slot?.proposal === undefined || !slot.isCommitted) return;
      const request = slot.proposal.request?.body.request;
      const { state, executed } = execute(replica.state, request);
      replica.state = state;
      replica.effects.push({ kind: 'decide', index: slot.seq, request, executed });
      if (request !== undefined) {
        if (executed) this.#answer(request.client, request.number);
        this.#progress();
      }
      this.#checkpoints.reached(state);
    }
  }

  #answer(client: number, number: number): void {
    const message: PbftMessage = { kind: 'answer', view: this.#replica.view, number };
    this.#replica.send(client, message);
  }
}

function matching(votes: ReadonlyMap<number, Signed<VoteBody>>, digest: string): Signed<VoteBody>[] {
  return [...votes.values()].filter(({ body }) => body.digest === digest);
}
