import type { PbftMessage } from './pbft-messages.ts';
import type { Replica, Slot } from './replica.ts';

/** Numbers of which a replica sends what it said again, for each message that says where another one is. */
const AGAIN_MAX = 8;

type Status = Extract<PbftMessage, { kind: 'status' }>;

/**
 * The paper assumes that messages are sent again until they arrive. Here each replica says now and then where it is,
 * and who is further sends what it lacks (Castro, Liskov: "Practical Byzantine fault tolerance and proactive recovery",
 * 2002, section 5.2).
 */
export class CatchUp {
  readonly #replica: Replica;

  constructor(replica: Replica) {
    this.#replica = replica;
  }

  /** Says where this replica is. */
  report(): void {
    const { view, isActive, stable, state } = this.#replica;
    this.#replica.broadcast({
      kind: 'status',
      view,
      isActive,
      stableSeq: stable.seq,
      executed: state.seq,
    });
  }

  /** Sends what the other one lacks. */
  answer(from: number, status: Status): void {
    const replica = this.#replica;
    if (status.stableSeq < replica.stable.seq) {
      for (const signed of replica.checkpoints) replica.send(from, { kind: 'checkpoint', signed });
    }
    if (status.view > replica.view) return;
    const isBehind = status.view < replica.view || !status.isActive;
    if (!isBehind) {
      if (replica.isActive) this.#sendSlots(from, status.executed);
    } else if (replica.isActive) {
      if (replica.newView !== undefined) replica.send(from, { kind: 'new-view', signed: replica.newView });
    } else this.#sendWishes(from, status);
  }

  /** Its wish for the view that the other one waits for, without which that would wait for ever, and its last one. */
  #sendWishes(from: number, status: Status): void {
    const last = this.#replica.wishes.at(-1);
    for (const signed of this.#replica.wishes) {
      const isWaitedFor = !status.isActive && signed.body.view === status.view;
      if (signed === last || isWaitedFor) this.#replica.send(from, { kind: 'view-change', signed });
    }
  }

  #sendSlots(from: number, executed: number): void {
    const replica = this.#replica;
    for (let seq = executed + 1; seq <= executed + AGAIN_MAX; seq++) {
      const slot = replica.slots.get(seq);
      // What is young is on its way.
      if (slot !== undefined && replica.nowMs - slot.sinceMs >= replica.options.statusMs)
        this.#sendSlot(from, slot);
    }
  }

  /** All votes that it has, those of others too: who gave them may have left the view meanwhile. */
  #sendSlot(to: number, { proposal, prepares, commits }: Slot): void {
    const replica = this.#replica;
    if (proposal?.request !== undefined) replica.send(to, { kind: 'pre-prepare', proposal });
    for (const signed of [...prepares.values(), ...commits.values()]) {
      if (signed.from !== to) replica.send(to, { kind: signed.body.kind, signed });
    }
  }
}
