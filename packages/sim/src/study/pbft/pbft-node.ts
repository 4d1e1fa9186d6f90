import type { StudyEvent, StudyNode } from '../study-node.ts';
import { CatchUp } from './catch-up.ts';
import { Checkpoints } from './checkpoints.ts';
import { NormalCase } from './normal-case.ts';
import type { PbftMessage, VoteBody } from './pbft-messages.ts';
import { type PbftOptions, type PbftRecord, Replica } from './replica.ts';
import { ViewChanges } from './view-changes.ts';

/**
 * One replica of PBFT. Comments name the sections of Castro, Liskov: "Practical Byzantine fault tolerance", 1999. One
 * request for each number, signatures on all messages between replicas, no tentative execution, no recovery.
 */
export class PbftNode implements StudyNode<PbftMessage, PbftRecord> {
  readonly #replica: Replica;
  readonly #checkpoints: Checkpoints;
  readonly #normalCase: NormalCase;
  readonly #viewChanges: ViewChanges;
  readonly #catchUp: CatchUp;
  #statusMs = 0;

  constructor(options: PbftOptions) {
    this.#replica = new Replica(options);
    this.#checkpoints = new Checkpoints(this.#replica, {
      moved: () => this.#normalCase.propose(),
      adopted: () => {
        this.#viewChanges.acceptFirst();
        this.#normalCase.executeCommitted();
      },
    });
    this.#normalCase = new NormalCase(this.#replica, this.#checkpoints, () => this.#viewChanges.progress());
    this.#viewChanges = new ViewChanges(this.#replica, this.#normalCase, this.#checkpoints);
    this.#catchUp = new CatchUp(this.#replica);
  }

  step(event: StudyEvent<PbftMessage, PbftRecord>, nowMs: number) {
    const replica = this.#replica;
    replica.effects = [];
    replica.nowMs = nowMs;
    if (event.kind === 'start') this.#start(event.disk);
    else if (event.kind === 'message') this.#hear(event.from, event.message);
    else this.#tick();
    this.#viewChanges.watch();
    const atMs = Math.min(this.#statusMs, this.#viewChanges.dueMs);
    replica.effects.push({ kind: 'wake', atMs });
    return replica.effects;
  }

  /** Goes on from what the disk holds: a replica that was off is one that was slow. */
  #start(disk: ReadonlyMap<string, PbftRecord>): void {
    const replica = this.#replica;
    const stable = disk.get('stable');
    if (stable?.kind === 'stable') {
      [replica.stable, replica.state, replica.checkpoints] = [stable.state, stable.state, stable.checkpoints];
      const { seq, history } = stable.state;
      replica.effects.push({ kind: 'adopt', index: seq, history });
    }
    const view = disk.get('view');
    if (view?.kind === 'view') {
      [replica.view, replica.isActive] = [view.view, view.isActive];
      [replica.wishes, replica.newView] = [view.wishes, view.newView];
    }
    for (const record of disk.values()) if (record.kind === 'slot') this.#restore(record);
    this.#viewChanges.resume();
    this.#statusMs = replica.nowMs + replica.options.statusMs;
  }

  #restore({ seq, proposal, prepared }: Extract<PbftRecord, { kind: 'slot' }>): void {
    const replica = this.#replica;
    if (!replica.isInWindow(seq)) return;
    const slot = replica.slot(seq);
    slot.prepared = prepared;
    const body = proposal?.prePrepare.body;
    if (!replica.isActive || body?.view !== replica.view) return;
    slot.proposal = proposal;
    // What it said before, in the same words.
    const { index } = replica.options;
    const { view, digest } = body;
    const said = (kind: VoteBody['kind']) => replica.sign<VoteBody>({ kind, view, seq, digest });
    if (!replica.isPrimary) slot.prepares.set(index, said('prepare'));
    if (prepared?.prePrepare.body.view === view) slot.commits.set(index, said('commit'));
  }

  #tick(): void {
    const replica = this.#replica;
    if (replica.nowMs >= this.#viewChanges.dueMs) this.#viewChanges.timeOut();
    if (replica.nowMs < this.#statusMs) return;
    this.#statusMs = replica.nowMs + replica.options.statusMs;
    this.#catchUp.report();
    this.#checkpoints.fetchAgain();
  }

  #hear(from: number, message: PbftMessage): void {
    switch (message.kind) {
      case 'request':
        return this.#normalCase.request(from, message.signed);
      case 'pre-prepare':
        return this.#normalCase.prePrepare(message.proposal);
      case 'prepare':
      case 'commit':
        return this.#normalCase.vote(message.signed);
      case 'checkpoint':
        return this.#checkpoints.statement(message.signed);
      case 'view-change':
        return this.#viewChanges.viewChange(message.signed);
      case 'new-view':
        return this.#viewChanges.newView(message.signed);
      case 'status':
        return this.#catchUp.answer(from, message);
      case 'fetch':
        return this.#checkpoints.fetch(from, message.seq);
      case 'state':
        return this.#checkpoints.adopt(message.state, message.checkpoints);
      case 'answer':
        return;
    }
  }
}
