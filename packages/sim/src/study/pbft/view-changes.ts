import type { Signed } from '../study-keys.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { NormalCase } from './normal-case.ts';
import {
  type NewViewBody,
  NOTHING,
  type PreparedProof,
  type Proposal,
  type ViewChangeBody,
} from './pbft-messages.ts';
import { lastOf } from './pbft-state.ts';
import { isNewView, isViewChange, primaryOf, reproposals } from './proofs.ts';
import { faultyMax } from './quorum.ts';
import type { Replica } from './replica.ts';

/** Times are doubled so often at most: a network that is whole again must not be waited for much longer. */
const DOUBLINGS_MAX = 3;

/** Wishes that are kept of each replica: honest ones are few views apart. */
const WISHES_MAX = 8;

/** Replaces a primary that does not do its work: sections 4.4 and 4.5.2. */
export class ViewChanges {
  readonly #replica: Replica;
  readonly #normalCase: NormalCase;
  readonly #checkpoints: Checkpoints;
  /** The wishes of each replica for this view and later ones. */
  readonly #wishes = new Map<number, readonly Signed<ViewChangeBody>[]>();
  /** The client whose request is waited for. */
  #waitsFor: number | undefined;
  /** Views since something was executed. */
  #attempts = 0;
  /** When patience ends; infinite while nothing is waited for. */
  dueMs = Number.POSITIVE_INFINITY;

  constructor(replica: Replica, normalCase: NormalCase, checkpoints: Checkpoints) {
    this.#replica = replica;
    this.#normalCase = normalCase;
    this.#checkpoints = checkpoints;
  }

  /** Goes on with the wish or the view that the disk held. */
  resume(): void {
    const { wishes, options } = this.#replica;
    this.#wishes.set(options.index, wishes);
    this.acceptFirst();
  }

  /** Accepts those of the view's first proposals that it has not: they were torn off, or lay above the window. */
  acceptFirst(): void {
    const replica = this.#replica;
    if (!replica.isActive) return;
    for (const proposal of replica.newView?.body.proposals ?? []) {
      const { seq } = proposal.prePrepare.body;
      if (replica.isInWindow(seq) && replica.slot(seq).proposal === undefined)
        this.#normalCase.accept(proposal);
    }
  }

  /**
   * Section 4.5.2: a replica waits for the request that has waited longest, and has a timer while one does. In the
   * paper backups alone do; but a vote that the primary lacks may be lost for ever with who has left the view.
   */
  watch(): void {
    const { pending, isActive, state } = this.#replica;
    if (!isActive) return;
    for (const [client, { body }] of pending)
      if (body.request.number <= lastOf(state, client)) pending.delete(client);
    const [first] = pending.keys();
    if (first === undefined) {
      this.#waitsFor = undefined;
      this.dueMs = Number.POSITIVE_INFINITY;
    } else if (this.#waitsFor === undefined || !pending.has(this.#waitsFor)) {
      this.#waitsFor = first;
      this.#startTimer();
    }
  }

  /** Something was executed in this view: the primary does its work. */
  progress(): void {
    this.#attempts = 0;
  }

  /** Patience has ended: with the primary, or with the view that does not begin. */
  timeOut(): void {
    this.#wish(this.#replica.view + 1);
  }

  /** Section 4.4: says which view it wants, and what was prepared until now; from then on it does nothing else. */
  #wish(view: number): void {
    const replica = this.#replica;
    const prepared: PreparedProof[] = [...replica.slots.values()]
      .toSorted((a, b) => a.seq - b.seq)
      .flatMap((slot) => slot.prepared ?? []);
    const { stable, checkpoints } = replica;
    const signed = replica.sign<ViewChangeBody>({
      kind: 'view-change',
      view,
      stableSeq: stable.seq,
      checkpoints,
      prepared,
    });
    replica.view = view;
    replica.isActive = false;
    replica.wishes = [...replica.wishes, signed].slice(-WISHES_MAX);
    replica.newView = undefined;
    replica.leaveView();
    replica.saveView();
    replica.effects.push({ kind: 'suspect', term: view });
    replica.broadcast({ kind: 'view-change', signed });
    this.#waitsFor = undefined;
    this.dueMs = Number.POSITIVE_INFINITY;
    this.#attempts += 1;
    this.#wishes.set(replica.options.index, replica.wishes);
    this.#count();
  }

  /** A replica's wish, whoever passes it on. */
  viewChange(signed: Signed<ViewChangeBody>): void {
    const replica = this.#replica;
    const { from, body } = signed;
    const own = (this.#wishes.get(from) ?? []).filter((one) => one.body.view >= replica.view);
    if (body.view < replica.view || own.some((one) => one.body.view === body.view)) return;
    if (!isViewChange(replica.options, signed)) return;
    this.#wishes.set(from, [...own, signed].slice(-WISHES_MAX));
    // Section 4.5.2: f + 1 wish for later views, so one of them is honest; joins the first of these views.
    const later = [...this.#wishes.values()].flatMap((all) => {
      const views = all.map((one) => one.body.view).filter((view) => view > replica.view);
      return views.length === 0 ? [] : [Math.min(...views)];
    });
    if (later.length > faultyMax(replica.options.nodes)) this.#wish(Math.min(...later));
    else this.#count();
  }

  /** Section 4.4: with a quorum of wishes the new primary begins; the others wait for it, and not for ever. */
  #count(): void {
    const replica = this.#replica;
    if (replica.isActive) return;
    const wishes = [...this.#wishes.values()].flatMap(
      (all) => all.find(({ body }) => body.view === replica.view) ?? [],
    );
    if (wishes.length < replica.quorum) return;
    if (replica.isPrimary) this.#begin(wishes.slice(0, replica.quorum));
    else if (this.dueMs === Number.POSITIVE_INFINITY) this.#startTimer();
  }

  #begin(viewChanges: readonly Signed<ViewChangeBody>[]): void {
    const replica = this.#replica;
    const { view } = replica;
    const proposals = reproposals(viewChanges).map(({ seq, proof }): Proposal => {
      const digest = proof?.prePrepare.body.digest ?? NOTHING;
      const prePrepare = replica.sign({ kind: 'pre-prepare', view, seq, digest } as const);
      return { prePrepare, request: proof?.request };
    });
    const signed = replica.sign<NewViewBody>({ kind: 'new-view', view, viewChanges, proposals });
    this.#enter(signed);
    replica.broadcast({ kind: 'new-view', signed });
    replica.effects.push({ kind: 'lead', term: view });
    this.#normalCase.propose();
  }

  /** Section 4.4: a backup works out for itself that the new view is right. */
  newView(signed: Signed<NewViewBody>): void {
    const replica = this.#replica;
    const { view } = signed.body;
    if (view < replica.view || (view === replica.view && replica.isActive)) return;
    if (primaryOf(view, replica.options.nodes) === replica.options.index) return;
    if (isNewView(replica.options, signed)) this.#enter(signed);
  }

  #enter(signed: Signed<NewViewBody>): void {
    const replica = this.#replica;
    // First of all, so that nothing is proposed before the proposals of the new view have their numbers.
    for (const { body } of signed.body.viewChanges)
      for (const checkpoint of body.checkpoints) this.#checkpoints.statement(checkpoint);
    replica.view = signed.body.view;
    replica.isActive = true;
    replica.newView = signed;
    replica.leaveView();
    replica.saveView();
    this.#waitsFor = undefined;
    this.dueMs = Number.POSITIVE_INFINITY;
    this.acceptFirst();
  }

  #startTimer(): void {
    const { nowMs, options } = this.#replica;
    this.dueMs = nowMs + options.timeoutMs * 2 ** Math.min(this.#attempts, DOUBLINGS_MAX);
  }
}
