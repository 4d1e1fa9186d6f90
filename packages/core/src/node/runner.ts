import type { Refusal, Result } from '../base/result.ts';
import type { Clock } from '../ports/clock.ts';
import type { Compute } from '../ports/compute.ts';
import type { Log } from '../ports/log.ts';
import type { Miner } from '../ports/miner.ts';
import type { Network } from '../ports/network.ts';
import type { Signer } from '../ports/signer.ts';
import type { Store } from '../ports/store.ts';
import type { NodeEffect, Notification } from './effects.ts';
import type { NodeEvent, NodeRequest, TimerName } from './events.ts';
import type { Node } from './node.ts';
import { refuseNode } from './rules.ts';

/** The doors of a node to the world. */
export interface RunnerPorts {
  readonly clock: Clock;
  readonly store: Store;
  readonly compute: Compute;
  /** Absent on a node that makes no blocks. */
  readonly signer: Signer | undefined;
  /** Absent where no blocks are made, or not by work. */
  readonly miner?: Miner | undefined;
  readonly log: Log;
  /** Absent on a node without peers; what it reports is dispatched as events of the type `network`. */
  readonly network?: Network | undefined;
  /** Takes news for subscribers. */
  notify(notification: Notification): void;
  /** The node is dead; `reason` is undefined after a clean stop. */
  dead(reason: Refusal | undefined): void;
}

type EffectOf<T extends NodeEffect['type']> = Extract<NodeEffect, { readonly type: T }>;

/** Requests that may wait for an answer at a time; more are refused by `node/busy`. */
const PENDING_REQUESTS_MAX = 4096;

/**
 * Takes one event at a time, steps the node, and performs the effects through the ports. The only place where the
 * time is read; everything it calls back from a port becomes an event, in the order of arrival.
 */
export class Runner {
  readonly node: Node;
  readonly #ports: RunnerPorts;
  readonly #clock: Clock;
  readonly #events: NodeEvent[] = [];
  /** What each timer calls back: made once, for timers are set with nearly every block. */
  readonly #timers = new Map<TimerName, () => void>();
  readonly #pending = new Map<number, (result: Result<unknown>) => void>();
  #requests = 0;
  #stepping = false;
  /** True while {@link #events} holds some. */
  #isWaiting = false;
  #isBroken = false;

  constructor(node: Node, ports: RunnerPorts) {
    this.node = node;
    this.#ports = ports;
    this.#clock = ports.clock;
  }

  /**
   * True after something was thrown while the node was stepped or an effect performed. What it has in memory may be
   * half of a change then, so it takes no event any more, and the host must end it: whoever sent the event that broke
   * it, a call over RPC for one, may have caught the error.
   */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Handles an event now, or after the one that is being handled. Throws what a step throws; see {@link isBroken}. */
  dispatch(event: NodeEvent): void {
    if (this.#isBroken) return;
    if (this.#stepping) {
      this.#events.push(event);
      this.#isWaiting = true;
      return;
    }
    this.#stepping = true;
    try {
      this.#step(event);
      while (this.#isWaiting) this.#stepNext();
    } catch (error) {
      this.#isBroken = true;
      throw error;
    } finally {
      this.#stepping = false;
    }
  }

  /** Asks the node for something; `done` gets the answer once what it tells is on disk. */
  request(request: NodeRequest, done: (result: Result<unknown>) => void): void {
    if (this.#pending.size >= PENDING_REQUESTS_MAX) {
      done(refuseNode('node/busy', { waiting: this.#pending.size }));
      return;
    }
    this.#requests += 1;
    this.#pending.set(this.#requests, done);
    this.dispatch({ type: 'request', id: this.#requests, request });
  }

  /** Calls `done` once everything the node has decided so far is on disk: reads are answered behind it. */
  whenDurable(done: (result: Result<unknown>) => void): void {
    this.request({ kind: 'flush' }, done);
  }

  #step(event: NodeEvent): void {
    for (const effect of this.node.step(event, this.#clock.nowMs())) this.#perform(effect);
  }

  #stepNext(): void {
    const next = this.#events.shift();
    this.#isWaiting = this.#events.length > 0;
    if (next !== undefined) this.#step(next);
  }

  // Makes no closure itself: what those of one effect need would be put aside for every effect.
  #perform(effect: NodeEffect): void {
    switch (effect.type) {
      case 'check-signatures':
        return this.#checkSignatures(effect);
      case 'sign':
        return this.#sign(effect);
      case 'prove':
        return this.#prove(effect);
      case 'search':
        return this.#search(effect);
      case 'stop-search':
        return this.#ports.miner?.stop();
      case 'commit':
        return this.#commit(effect);
      case 'set-timer':
        return this.#clock.setTimer(effect.name, effect.atMs, this.#timer(effect.name));
      case 'clear-timer':
        return this.#clock.clearTimer(effect.name);
      case 'answer':
        return this.#answer(effect.id, effect.result);
      case 'notify':
        return this.#ports.notify(effect.notification);
      case 'dial':
      case 'send':
      case 'close':
        return this.#carry(effect);
      case 'log':
        return this.#ports.log.write(effect.entry);
      case 'dead':
        return this.#dead(effect.reason);
    }
  }

  #checkSignatures({ job, records }: EffectOf<'check-signatures'>): void {
    this.#ports.compute.checkSignatures(records, (valid) =>
      this.dispatch({ type: 'signatures-checked', job, valid }),
    );
  }

  #sign({ job, message }: EffectOf<'sign'>): void {
    const { signer } = this.#ports;
    const signed = (signature: Uint8Array | undefined) => this.dispatch({ type: 'signed', job, signature });
    if (signer === undefined) signed(undefined);
    else signer.sign(message, signed);
  }

  #prove({ job, input }: EffectOf<'prove'>): void {
    const { signer } = this.#ports;
    const proved = (proof: Uint8Array | undefined) => this.dispatch({ type: 'proved', job, proof });
    if (signer === undefined) proved(undefined);
    else signer.prove(input, proved);
  }

  #search({ job, message, bits }: EffectOf<'search'>): void {
    this.#ports.miner?.search(message, bits, (done) => this.dispatch({ type: 'searched', job, done }));
  }

  #commit({ sequence, batch }: EffectOf<'commit'>): void {
    this.#ports.store.commit(batch, (failure) => this.#committed(sequence, failure));
  }

  #timer(name: TimerName): () => void {
    let timer = this.#timers.get(name);
    if (timer === undefined) {
      timer = () => this.dispatch({ type: 'timer', name });
      this.#timers.set(name, timer);
    }
    return timer;
  }

  #carry(effect: EffectOf<'dial' | 'send' | 'close'>): void {
    const { network } = this.#ports;
    if (effect.type === 'send') network?.send(effect.peer, effect.message, effect.lane);
    else if (effect.type === 'dial') network?.dial(effect.address);
    else network?.close(effect.peer);
  }

  #committed(sequence: number, failure: Parameters<Parameters<Store['commit']>[1]>[0]): void {
    if (failure === undefined) this.dispatch({ type: 'committed', sequence });
    else this.dispatch({ type: 'commit-failed', sequence, failure });
  }

  #dead(reason: Refusal | undefined): void {
    const life = this.node.life;
    for (const id of [...this.#pending.keys()]) this.#answer(id, refuseNode('node/not-alive', { life }));
    this.#ports.dead(reason);
  }

  #answer(id: number, result: Result<unknown>): void {
    const done = this.#pending.get(id);
    this.#pending.delete(id);
    done?.(result);
  }
}
