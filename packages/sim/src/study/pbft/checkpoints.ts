import type { Signed } from '../study-keys.ts';
import type { CheckpointBody } from './pbft-messages.ts';
import { type PbftState, stateDigest } from './pbft-state.ts';
import { CHECKPOINT_INTERVAL, provenCheckpoint, WINDOW } from './proofs.ts';
import type { Replica } from './replica.ts';

/** Statements of one replica that are kept: those of a window, and of one that is ahead. */
const STATEMENTS_MAX = WINDOW / CHECKPOINT_INTERVAL + 2;

/** What happens when the low watermark has moved. */
export interface CheckpointListener {
  /** The window has moved on. */
  moved(): void;
  /** The state was taken over from another replica. */
  adopted(): void;
}

/** Checkpoints, watermarks and the transfer of state to a replica that is behind them: section 4.3. */
export class Checkpoints {
  readonly #replica: Replica;
  readonly #listener: CheckpointListener;
  /** The last statements of each replica. */
  readonly #statements = new Map<number, Signed<CheckpointBody>[]>();
  /** States at checkpoints that are not stable yet, by number. */
  readonly #states = new Map<number, PbftState>();
  /** The proof of a checkpoint that this replica has not reached. */
  #wanted: readonly Signed<CheckpointBody>[] = [];
  #asked = 0;

  constructor(replica: Replica, listener: CheckpointListener) {
    this.#replica = replica;
    this.#listener = listener;
  }

  /** Told of each state; makes a checkpoint of every one in {@link CHECKPOINT_INTERVAL}. */
  reached(state: PbftState): void {
    const replica = this.#replica;
    if (state.seq % CHECKPOINT_INTERVAL !== 0) return;
    this.#states.set(state.seq, state);
    const body = { kind: 'checkpoint', seq: state.seq, digest: stateDigest(state) } as const;
    const signed = replica.sign<CheckpointBody>(body);
    replica.broadcast({ kind: 'checkpoint', signed });
    this.statement(signed);
  }

  /** What a replica says about a checkpoint, whoever passes it on. */
  statement(signed: Signed<CheckpointBody>): void {
    const { nodes, keys } = this.#replica.options;
    const { body, from } = signed;
    const { seq, digest } = body;
    if (seq <= this.#replica.stable.seq || seq % CHECKPOINT_INTERVAL !== 0) return;
    const own = this.#statements.get(from) ?? [];
    const isKnown = own.some((one) => one.body.seq === seq && one.body.digest === digest);
    if (!isKnown) {
      if (from >= nodes || body.kind !== 'checkpoint' || !keys.verify(signed)) return;
      this.#statements.set(from, [...own, signed].slice(-STATEMENTS_MAX));
    }
    const proof = [...this.#statements.values()].flatMap(
      (all) => all.find((one) => one.body.seq === seq && one.body.digest === digest) ?? [],
    );
    if (provenCheckpoint(this.#replica.options, proof) !== undefined) this.#proven(proof, seq, digest);
  }

  /** A quorum has the same state: it is stable, here at once or when it has come from another replica. */
  #proven(proof: readonly Signed<CheckpointBody>[], seq: number, digest: string): void {
    const state = this.#states.get(seq);
    if (state !== undefined && stateDigest(state) === digest) return this.#makeStable(state, proof);
    if (seq <= this.#replica.state.seq || seq <= (this.#wanted[0]?.body.seq ?? 0)) return;
    this.#wanted = proof;
    this.fetchAgain();
  }

  #makeStable(state: PbftState, checkpoints: readonly Signed<CheckpointBody>[]): void {
    const replica = this.#replica;
    replica.stable = state;
    replica.checkpoints = checkpoints;
    replica.save('stable', { kind: 'stable', state, checkpoints });
    for (const seq of replica.slots.keys()) {
      if (seq > state.seq) continue;
      replica.slots.delete(seq);
      replica.save(`slot ${seq}`, undefined);
    }
    for (const seq of this.#states.keys()) if (seq <= state.seq) this.#states.delete(seq);
    for (const [from, own] of this.#statements) {
      this.#statements.set(
        from,
        own.filter(({ body }) => body.seq > state.seq),
      );
    }
    this.#listener.moved();
  }

  /** Asks for the state of a checkpoint that is not reached yet: of those who vouch for it, one after the other. */
  fetchAgain(): void {
    const replica = this.#replica;
    const seq = this.#wanted[0]?.body.seq ?? 0;
    if (seq <= replica.state.seq) return;
    const others = this.#wanted.filter(({ from }) => from !== replica.options.index);
    const one = others[this.#asked % others.length];
    this.#asked += 1;
    if (one !== undefined) replica.send(one.from, { kind: 'fetch', seq });
  }

  /** Gives a replica the state that it asks for, or a later one. */
  fetch(from: number, seq: number): void {
    const { stable, checkpoints } = this.#replica;
    if (stable.seq >= seq && stable.seq > 0)
      this.#replica.send(from, { kind: 'state', state: stable, checkpoints });
  }

  /** Takes a state over that a quorum vouches for. */
  adopt(state: PbftState, proof: readonly Signed<CheckpointBody>[]): void {
    const replica = this.#replica;
    const proven = provenCheckpoint(replica.options, proof);
    if (proven?.seq !== state.seq || state.seq <= replica.state.seq) return;
    if (stateDigest(state) !== proven.digest) return;
    replica.state = state;
    replica.effects.push({ kind: 'adopt', index: state.seq, history: state.history });
    this.#makeStable(state, proof);
    this.#listener.adopted();
  }
}
