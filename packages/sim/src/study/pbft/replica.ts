import type { Signed, StudyKeys, StudySigner } from '../study-keys.ts';
import type { StudyEffect } from '../study-node.ts';
import type {
  CheckpointBody,
  NewViewBody,
  PbftBody,
  PbftMessage,
  PreparedProof,
  Proposal,
  RequestBody,
  ViewChangeBody,
  VoteBody,
} from './pbft-messages.ts';
import { EMPTY_STATE, type PbftState } from './pbft-state.ts';
import { primaryOf, WINDOW } from './proofs.ts';
import { quorumOf } from './quorum.ts';

/** Choices for a replica. */
export interface PbftOptions {
  readonly index: number;
  readonly nodes: number;
  readonly clients: number;
  /** A request that takes longer makes a backup suspect the primary; doubled at each view that brings nothing. */
  readonly timeoutMs: number;
  /** Between two messages that say where a replica is. */
  readonly statusMs: number;
  readonly keys: Pick<StudyKeys<PbftBody>, 'verify'>;
  readonly sign: StudySigner<PbftBody>;
}

/** What a replica keeps on its disk: saved before it says what follows from it, so that it never contradicts itself. */
export type PbftRecord =
  | {
      readonly kind: 'view';
      readonly view: number;
      readonly isActive: boolean;
      readonly wishes: readonly Signed<ViewChangeBody>[];
      readonly newView: Signed<NewViewBody> | undefined;
    }
  | {
      readonly kind: 'slot';
      readonly seq: number;
      readonly proposal: Proposal | undefined;
      readonly prepared: PreparedProof | undefined;
    }
  | {
      readonly kind: 'stable';
      readonly state: PbftState;
      readonly checkpoints: readonly Signed<CheckpointBody>[];
    };

/** What a replica knows of one number of the order; votes are those of its view, one for each replica. */
export interface Slot {
  readonly seq: number;
  /** Since when it is there, or was last spoken of. */
  sinceMs: number;
  /** The pre-prepare that it has accepted in its view. */
  proposal: Proposal | undefined;
  /** That of the highest view in which something was prepared here. */
  prepared: PreparedProof | undefined;
  readonly prepares: Map<number, Signed<VoteBody>>;
  readonly commits: Map<number, Signed<VoteBody>>;
  isCommitted: boolean;
}

/** What the parts of a replica share: its state, and the effects of the step that it is in. */
export class Replica {
  readonly options: PbftOptions;
  readonly quorum: number;
  view = 0;
  /** False from the wish for a view to its beginning: then only the change of view goes on (section 4.4). */
  isActive = true;
  /** Its last wishes for a view, the latest one last: others that are behind need those for their views too. */
  wishes: readonly Signed<ViewChangeBody>[] = [];
  newView: Signed<NewViewBody> | undefined;
  /** The last stable checkpoint, which is the low watermark (h of section 4.3), with its proof. */
  stable: PbftState = EMPTY_STATE;
  checkpoints: readonly Signed<CheckpointBody>[] = [];
  /** After everything that was executed. */
  state: PbftState = EMPTY_STATE;
  /** By number, all of them above the low watermark and at most {@link WINDOW} above it. */
  readonly slots = new Map<number, Slot>();
  /** Requests that wait, the one that waits longest first; one for each client. */
  readonly pending = new Map<number, Signed<RequestBody>>();
  nowMs = 0;
  effects: StudyEffect<PbftMessage, PbftRecord>[] = [];

  constructor(options: PbftOptions) {
    this.options = options;
    this.quorum = quorumOf(options.nodes);
  }

  get primary(): number {
    return primaryOf(this.view, this.options.nodes);
  }

  get isPrimary(): boolean {
    return this.primary === this.options.index;
  }

  /** Says whether a number lies between the watermarks. */
  isInWindow(seq: number): boolean {
    return seq > this.stable.seq && seq <= this.stable.seq + WINDOW;
  }

  /** The slot of a number between the watermarks. */
  slot(seq: number): Slot {
    const known = this.slots.get(seq);
    if (known !== undefined) return known;
    const slot: Slot = {
      seq,
      sinceMs: this.nowMs,
      proposal: undefined,
      prepared: undefined,
      prepares: new Map(),
      commits: new Map(),
      isCommitted: false,
    };
    this.slots.set(seq, slot);
    return slot;
  }

  /** Forgets what was said in the view before; what was prepared stays. */
  leaveView(): void {
    for (const slot of this.slots.values()) {
      slot.proposal = undefined;
      slot.isCommitted = false;
      slot.prepares.clear();
      slot.commits.clear();
    }
  }

  saveView(): void {
    const { view, isActive, wishes, newView } = this;
    this.save('view', { kind: 'view', view, isActive, wishes, newView });
  }

  saveSlot({ seq, proposal, prepared }: Slot): void {
    this.save(`slot ${seq}`, { kind: 'slot', seq, proposal, prepared });
  }

  save(key: string, record: PbftRecord | undefined): void {
    this.effects.push({ kind: 'save', key, record });
  }

  send(to: number, message: PbftMessage): void {
    this.effects.push({ kind: 'send', to, message });
  }

  /** Sends to all replicas but this one. */
  broadcast(message: PbftMessage): void {
    const { nodes, index } = this.options;
    for (let to = 0; to < nodes; to++) if (to !== index) this.send(to, message);
  }

  /** Signs a statement as this replica. */
  sign<B extends PbftBody>(body: B): Signed<B> {
    return this.options.sign(body);
  }
}
