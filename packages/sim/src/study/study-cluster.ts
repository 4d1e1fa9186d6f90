import { VirtualClock } from '../clock.ts';
import { Dice, seedFor } from '../dice.ts';
import { SimLog, type SimLogOptions } from '../log.ts';
import { Traffic } from '../traffic.ts';
import { StudyClient } from './study-client.ts';
import { type OutwardEffect, StudyMachine, type StudyStation } from './study-machine.ts';
import { type Flight, StudyNetwork } from './study-network.ts';
import type { StudyNode, StudyRequest } from './study-node.ts';
import type { LiarKind, StudyNodeOptions, StudyProtocol, StudyRunParts } from './study-protocol.ts';

/** Who listens to a cluster. */
export interface ClusterListener<M, R> {
  started(machine: StudyMachine<M, R>): void;
  /** An effect of an honest machine. */
  honest(machine: StudyMachine<M, R>, effect: Exclude<OutwardEffect<M, R>, { kind: 'send' }>): void;
  answered(request: StudyRequest, tookUs: number): void;
  arrived(flight: Flight<M>): void;
}

/** Choices for {@link StudyCluster}. */
export interface ClusterOptions {
  readonly seed: Uint8Array;
  readonly nodes: number;
  readonly clients: number;
  /** What each node that breaks the rules does, by its number. */
  readonly liars: ReadonlyMap<number, LiarKind>;
  /** Between an answer and a client's next request, on average. */
  readonly pauseUs: number;
  /** No request is new after this. */
  readonly untilUs: number;
  readonly syncUs: number;
  readonly logLevel: SimLogOptions['level'];
}

/** Machines and clients of one protocol on a virtual clock. */
export class StudyCluster<M, R> {
  readonly clock = new VirtualClock();
  readonly traffic = new Traffic();
  readonly log: SimLog;
  readonly parts: StudyRunParts<M, R>;
  readonly network: StudyNetwork<M>;
  readonly machines: StudyMachine<M, R>[] = [];
  readonly clients: StudyClient<M>[] = [];
  readonly #options: ClusterOptions;
  readonly #listener: ClusterListener<M, R>;

  constructor(protocol: StudyProtocol<M, R>, options: ClusterOptions, listener: ClusterListener<M, R>) {
    const { nodes, clients, seed } = options;
    this.#options = options;
    this.#listener = listener;
    this.log = new SimLog({ level: options.logLevel });
    this.parts = protocol.setUp({ nodes, clients }, seedFor(seed, 'keys'));
    this.network = new StudyNetwork({
      clock: this.clock,
      dice: this.dice('network'),
      traffic: this.traffic,
      kindOf: this.parts.kindOf,
      bytesOf: this.parts.bytesOf,
      arrived: (flight) => this.#arrived(flight),
    });
    this.#addMachines();
    for (let i = 0; i < clients; i++) this.#addClient(i);
  }

  /** Those that follow the rules. */
  get honest(): readonly StudyMachine<M, R>[] {
    return this.machines.filter(({ isHonest }) => isHonest);
  }

  /** Machines and clients. */
  get stations(): readonly StudyStation<M>[] {
    return [...this.machines, ...this.clients];
  }

  /** Dice of one purpose. */
  dice(purpose: string): Dice {
    return new Dice(seedFor(this.#options.seed, purpose));
  }

  /** Switches everything on. */
  begin(): void {
    for (const machine of this.machines) this.start(machine);
    const dice = this.dice('begin');
    for (const client of this.clients) client.start(1_000 * dice.between(600, 700));
  }

  /** Switches a machine on. */
  start(machine: StudyMachine<M, R>): void {
    if (machine.isHonest) this.#listener.started(machine);
    this.say(machine, 'power on');
    machine.start();
  }

  /** Adds a line to the log: of a machine, or of the run. */
  say(
    machine: StudyStation<M> | undefined,
    message: string,
    fields: Readonly<Record<string, string | number>> = {},
    level: SimLogOptions['level'] = 'info',
  ): void {
    const speaker = { name: machine?.name ?? 'run', number: machine === undefined ? 0 : machine.number + 1 };
    this.log.write(this.clock.nowUs, speaker, { level, part: 'study', message, fields });
  }

  #addMachines(): void {
    const { nodes, liars } = this.#options;
    let honest = 0;
    for (let number = 0; number < nodes; number++) {
      const kind = liars.get(number);
      if (kind === 'silent') continue;
      if (kind === 'twins') for (const side of [1, 2]) this.#addMachine(number, side, kind);
      else this.#addMachine(number, 1 + (honest++ % 2), kind);
    }
  }

  #addMachine(number: number, side: number, kind: Exclude<LiarKind, 'silent'> | undefined): void {
    const isTwin = kind === 'twins';
    const name = `n${number}${isTwin ? (side === 1 ? 'a' : 'b') : ''}`;
    const options: StudyNodeOptions = {
      ...this.#options,
      index: number,
      dice: this.dice(`machine ${name}`),
      isEager: isTwin,
    };
    const createNode = (): StudyNode<M, R> =>
      kind === undefined || isTwin
        ? this.parts.createNode(options)
        : this.parts.createLiar(kind as 'forgets' | 'invents', options);
    const machine = new StudyMachine<M, R>(
      { number, name, side, isTwin, isHonest: kind === undefined, createNode },
      {
        agenda: this.clock.agenda(this.machines.length + 1),
        syncUs: this.#options.syncUs,
        perform: (from, effect) => this.#perform(from, effect),
      },
    );
    this.machines.push(machine);
    this.network.add(machine);
  }

  #addClient(i: number): void {
    const { nodes, pauseUs, untilUs } = this.#options;
    const number = nodes + i;
    const client = new StudyClient<M>(
      { number, nodes, side: 1 + (i % 2), pauseUs, untilUs },
      {
        agenda: this.clock.agenda(this.machines.length + 1 + i),
        dice: this.dice(`client ${i}`),
        parts: this.parts,
        send: (from, to, message) => this.network.send(from, to, message),
        answered: (request, tookUs) => this.#listener.answered(request, tookUs),
      },
    );
    this.clients.push(client);
    this.network.add(client);
  }

  #perform(machine: StudyMachine<M, R>, effect: OutwardEffect<M, R>): void {
    if (effect.kind === 'send') return this.network.send(machine, effect.to, effect.message);
    if (effect.kind === 'suspect' || effect.kind === 'lead')
      this.say(machine, effect.kind === 'lead' ? 'leads' : 'wants to replace the leader', {
        term: effect.term,
      });
    else if (effect.kind === 'decide') this.say(machine, 'decided', { index: effect.index }, 'debug');
    else this.say(machine, 'took a state over', { index: effect.index });
    if (machine.isHonest) this.#listener.honest(machine, effect);
  }

  #arrived(flight: Flight<M>): void {
    const { from, to, message } = flight;
    if (this.log.takes('debug')) this.say(to, this.parts.describe(message), { from: from.name }, 'debug');
    this.#listener.arrived(flight);
  }
}
