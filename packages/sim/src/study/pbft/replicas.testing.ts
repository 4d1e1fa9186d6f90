import { seedOf } from '../../dice.ts';
import { type Signed, StudyKeys } from '../study-keys.ts';
import type { StudyEffect } from '../study-node.ts';
import { type PbftBody, type PbftMessage, type RequestBody, textOfBody } from './pbft-messages.ts';
import { PbftNode } from './pbft-node.ts';
import type { PbftRecord } from './replica.ts';

/** Replicas of {@link Replicas}; the client after them has this number. */
export const NODES = 4;

/** So often replicas say where they are. */
export const STATUS_MS = 1_000;

/** What a replica did. */
export type PbftEffect = StudyEffect<PbftMessage, PbftRecord>;

/** Says whether a message on its way arrives. */
export type Passes = (from: number, to: number, message: PbftMessage) => boolean;

/** Four replicas that hear each other at once; the tests choose what arrives. */
export class Replicas {
  readonly keys = new StudyKeys<PbftBody>(seedOf(7), NODES + 2, textOfBody);
  readonly disks = Array.from({ length: NODES }, () => new Map<string, PbftRecord>());
  readonly nodes = Array.from({ length: NODES }, (_, index) => this.create(index));
  /** Everything that each of them did. */
  readonly effects: PbftEffect[][] = Array.from({ length: NODES }, () => []);
  passes: Passes = () => true;
  nowMs = 0;

  constructor() {
    for (let index = 0; index < NODES; index++) this.restart(index);
  }

  create(index: number): PbftNode {
    const times = { timeoutMs: 400, statusMs: STATUS_MS };
    const sign = this.keys.signerOf(index);
    return new PbftNode({ index, nodes: NODES, clients: 2, ...times, keys: this.keys, sign });
  }

  /** A request of the first client. */
  request(number: number): Signed<RequestBody> {
    const request = { client: NODES, number, operation: `put ${number}` };
    return this.keys.signerOf(NODES)({ kind: 'request', request });
  }

  /** Everybody hears a request from its client, and what follows from it happens. */
  ask(number: number): void {
    const signed = this.request(number);
    for (let to = 0; to < NODES; to++) this.step(to, NODES, { kind: 'request', signed });
  }

  /** One replica hears a message, and all that follows from it happens. */
  step(to: number, from: number, message: PbftMessage): void {
    const queue = this.#take(to, this.nodes[to]?.step({ kind: 'message', from, message }, this.nowMs) ?? []);
    for (let i = 0; i < queue.length && i < 10_000; i++) {
      const next = queue[i] as Flight;
      if (next.to >= NODES || !this.passes(next.from, next.to, next.message)) continue;
      const effects = this.nodes[next.to]?.step({ kind: 'message', ...next }, this.nowMs) ?? [];
      queue.push(...this.#take(next.to, effects));
    }
  }

  /** Time passes, and replicas notice. */
  wait(ms: number): void {
    this.nowMs += ms;
    for (let to = 0; to < NODES; to++) {
      const flights = this.#take(to, this.nodes[to]?.step({ kind: 'tick' }, this.nowMs) ?? []);
      for (const { from, to: peer, message } of flights)
        if (peer < NODES && this.passes(from, peer, message)) this.step(peer, from, message);
    }
  }

  /** A replica starts again with what it has saved. */
  restart(index: number): void {
    const node = this.create(index);
    this.nodes[index] = node;
    this.#take(index, node.step({ kind: 'start', disk: this.disks[index] ?? new Map() }, this.nowMs));
  }

  /** The requests that a replica has executed, by index; 0 for one that does nothing. */
  executed(index: number): readonly number[] {
    return (this.effects[index] ?? []).flatMap((effect) =>
      effect.kind === 'decide' ? [effect.request?.number ?? 0] : [],
    );
  }

  #take(from: number, effects: readonly PbftEffect[]): Flight[] {
    this.effects[from]?.push(...effects);
    const flights: Flight[] = [];
    for (const effect of effects) {
      if (effect.kind === 'send') flights.push({ from, to: effect.to, message: effect.message });
      if (effect.kind !== 'save') continue;
      if (effect.record === undefined) this.disks[from]?.delete(effect.key);
      else this.disks[from]?.set(effect.key, effect.record);
    }
    return flights;
  }
}

interface Flight {
  readonly from: number;
  readonly to: number;
  readonly message: PbftMessage;
}
