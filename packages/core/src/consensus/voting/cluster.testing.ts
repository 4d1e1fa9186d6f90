import { equalBytes } from '../../base/bytes.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import { type SeededRandom, seededRandom } from '../../base/fuzz.testing.ts';
import type { Result } from '../../base/result.ts';
import { type Hash, ZERO_HASH } from '../../crypto/hash.ts';
import type { Conviction } from '../../primitives/judge.ts';
import type { ValidatorSet } from '../../primitives/validator-set.ts';
import { EventQueue } from './event-queue.testing.ts';
import { mockKey, mockSet, mockSign, mockVerify } from './mock-signatures.testing.ts';
import type {
  BlockRef,
  VotingDependencies,
  VotingEffect,
  VotingEngine,
  VotingEvent,
} from './voting-engine.ts';
import { type Carry, createCarry, type Weather } from './weather.testing.ts';

/**
 * What a member is. Those that are not honest: `twins` run two engines with one key, each of which talks to half of
 * the others; `silent` says nothing, `yes` votes for all that it hears of, `garbage` sends damaged, strange and old
 * messages.
 */
export type MemberKind = 'honest' | 'twins' | LiarKind;

/** Members that run no engine. */
export type LiarKind = 'silent' | 'yes' | 'garbage';

/** How one run goes; with the seed it says everything. */
export interface Schedule {
  readonly seed: number;
  readonly weights: readonly number[];
  /** What each member is; the honest ones may crash and come back until the network is calm. */
  readonly members: readonly MemberKind[];
  readonly weather: Weather;
  /** Before the network is calm, a node crashes in one of so many steps; 0 for never. */
  readonly crashOneIn: number;
  /** True when nodes pass on the messages of others, else they only send their own. */
  readonly relays: boolean;
  /** The time between blocks. */
  readonly blockMs: number;
  /** The run ends when this height is final at every honest node, at the latest at `untilMs`. */
  readonly heights: number;
  readonly untilMs: number;
}

/** What came of a run. */
export interface Outcome {
  /** The last final height of each honest node. */
  readonly heights: readonly number[];
  /** Pairs of final blocks that exclude each other. */
  readonly disagreements: number;
  /** What an honest node did that none may do, or said of another honest one. */
  readonly faults: readonly string[];
  /** Who is guilty by the evidence that honest nodes gave. */
  readonly guilty: ReadonlySet<number>;
  /** The offences that were found. */
  readonly offences: ReadonlySet<string>;
  readonly endMs: number;
  readonly events: number;
}

/** The chain of all schedules. */
export const CHAIN_ID: Hash = new Uint8Array(32).fill(0xc1);
/** Blocks of an epoch of all schedules: few, so that sets change often. */
export const EPOCH_BLOCKS = 3;
/** The genesis block of all schedules. */
export const GENESIS: BlockRef = { id: new Uint8Array(32).fill(0x9e), height: 0, parent: ZERO_HASH };

/** One node: an engine with its disk and its chain. */
export interface Host {
  readonly index: number;
  readonly member: number;
  /** Twins reach only hosts of their side; the honest ones have one for that. */
  readonly side: number;
  readonly honest: boolean;
  engine: VotingEngine | undefined;
  /** Counts restarts: what was asked for before a crash is not answered after it. */
  life: number;
  record: Uint8Array | undefined;
  final: BlockRef;
  certificate: Uint8Array | undefined;
  /** The keys of the blocks that it has, all before them included. */
  readonly known: Set<string>;
}

/** What a liar answers to each message that it hears; the answers go to everybody. */
export type Liar = (bytes: Uint8Array) => readonly Uint8Array[];

/** A cluster of engines in an event loop of its own; the same schedule gives the same outcome. */
export abstract class Cluster {
  protected readonly schedule: Schedule;
  protected readonly random: SeededRandom;
  protected readonly queue = new EventQueue();
  protected readonly hosts: Host[] = [];
  protected readonly blocks = new Map<string, BlockRef & { readonly valid: boolean }>();
  protected readonly faults: string[] = [];
  readonly #carry: Carry;
  readonly #liars: { readonly member: number; readonly hear: Liar }[] = [];
  readonly #sets = new Map<number, ValidatorSet>();
  /** By height: what somebody honest took as final. */
  readonly #decided = new Map<number, Hash>();
  readonly #guilty = new Set<number>();
  readonly #offences = new Set<string>();
  #disagreements = 0;

  constructor(schedule: Schedule) {
    this.schedule = schedule;
    this.random = seededRandom(schedule.seed);
    this.blocks.set(bytesKey(GENESIS.id), { ...GENESIS, valid: true });
    for (const [member, kind] of schedule.members.entries()) {
      if (kind === 'honest') this.#addHost(member, this.random.pick([1, 2]), true);
      else if (kind === 'twins') for (const side of [1, 2]) this.#addHost(member, side, false);
      else this.#liars.push({ member, hear: this.createLiar(kind, member) });
    }
    this.#carry = createCarry(schedule.weather, this.hosts.length, this.random);
  }

  protected abstract createEngine(dependencies: VotingDependencies): VotingEngine;
  protected abstract createLiar(kind: LiarKind, member: number): Liar;
  /** Says whether a certificate shows that a block is final. */
  protected abstract isFinal(block: BlockRef, certificate: Uint8Array): boolean;
  protected abstract judge(evidence: Uint8Array): Result<Conviction>;
  /** Does what is left of the effects. */
  protected abstract doOther(host: Host, effect: VotingEffect): void;

  /** What happens by itself from the start on. */
  protected begin(): void {}

  /** What a node forgets. */
  protected crashed(_host: Host): void {}

  /** What a node is told when it has started, or started again. */
  protected started(_host: Host): void {}

  /** Runs the schedule to its end. */
  run(): Outcome {
    for (const host of this.hosts) this.#start(host);
    this.begin();
    const honest = this.hosts.filter((host) => host.honest);
    const isDone = () => honest.every(({ final }) => final.height >= this.schedule.heights);
    let events = 0;
    while (!isDone() && this.queue.next(this.schedule.untilMs)) events++;
    return {
      heights: honest.map(({ final }) => final.height),
      disagreements: this.#disagreements,
      faults: this.faults,
      guilty: this.#guilty,
      offences: this.#offences,
      endMs: this.queue.nowMs,
      events,
    };
  }

  #addHost(member: number, side: number, honest: boolean): void {
    const empty = { engine: undefined, life: 0, record: undefined, final: GENESIS, certificate: undefined };
    const known = new Set([bytesKey(GENESIS.id)]);
    this.hosts.push({ ...empty, index: this.hosts.length, member, side, honest, known });
  }

  protected readonly validators = {
    at: (epoch: number): ValidatorSet => {
      const set = this.#sets.get(epoch) ?? mockSet(epoch, this.schedule.weights);
      this.#sets.set(epoch, set);
      return set;
    },
  };

  #start(host: Host): void {
    host.engine = this.createEngine({
      chainId: CHAIN_ID,
      epochBlocks: EPOCH_BLOCKS,
      publicKey: mockKey(host.member),
      validators: this.validators,
      blocks: {
        ancestor: (id, height) => (host.known.has(bytesKey(id)) ? this.ancestor(id, height) : undefined),
      },
      verify: mockVerify,
    });
    const { final, certificate, record } = host;
    this.tell(host, { kind: 'start', final, certificate, record });
    this.started(host);
  }

  protected tell(host: Host, event: VotingEvent): void {
    if (host.engine === undefined) return;
    const effects = host.engine.step(event, this.queue.nowMs);
    const crashes = this.#crashes();
    const done = crashes ? effects.slice(0, this.random.below(effects.length + 1)) : effects;
    for (const effect of done) this.#do(host, effect);
    if (!crashes) return;
    host.engine = undefined;
    host.life++;
    this.crashed(host);
    this.queue.add(this.queue.nowMs + this.random.below(2_000), () => this.#start(host));
  }

  #crashes(): boolean {
    const { crashOneIn, weather } = this.schedule;
    return crashOneIn > 0 && this.queue.nowMs < weather.calmAtMs && this.random.oneIn(crashOneIn);
  }

  /** Tells a host something later, unless it has crashed by then. */
  protected later(host: Host, delayMs: number, event: VotingEvent): void {
    const { life } = host;
    this.queue.add(this.queue.nowMs + delayMs, () => {
      if (host.life === life) this.tell(host, event);
    });
  }

  #do(host: Host, effect: VotingEffect): void {
    switch (effect.kind) {
      case 'save':
        host.record = effect.record;
        return;
      case 'sign': {
        const signature = mockSign(mockKey(host.member), effect.message);
        return this.later(host, this.random.below(3), { kind: 'signed', job: effect.job, signature });
      }
      case 'broadcast':
        if (effect.from === undefined || this.schedule.relays)
          this.#broadcast(host, effect.bytes, effect.from);
        return;
      case 'want':
        return this.fetch(host, effect.id);
      case 'finalise':
        return this.#finalise(host, effect.block, effect.certificate);
      case 'evidence':
        return this.#convict(host, effect.bytes);
      case 'wake':
        return this.later(host, effect.atMs - this.queue.nowMs, { kind: 'tick' });
      case 'refuse':
        if (host.honest && effect.from.startsWith('honest'))
          this.faults.push(`refused an honest message by ${effect.refusal.rule}`);
        return;
      default:
        return this.doOther(host, effect);
    }
  }

  /** True when a message of one host may reach another. */
  protected reaches(from: Host, to: Host): boolean {
    return from !== to && ((from.honest && to.honest) || from.side === to.side);
  }

  #broadcast(from: Host, bytes: Uint8Array, origin: string | undefined): void {
    const name = `${from.honest ? 'honest' : 'faulty'} ${from.index}`;
    for (const to of this.hosts)
      if (this.reaches(from, to) && !origin?.endsWith(` ${to.index}`)) this.#send(from, to, bytes, name);
    for (const { member, hear } of this.#liars) {
      for (const answer of hear(bytes)) {
        for (const to of this.hosts) this.#send(from, to, answer, `liar m${member}`);
      }
    }
  }

  #send(from: Host, to: Host, bytes: Uint8Array, name: string): void {
    this.carry(from, to, () => this.tell(to, { kind: 'message', bytes, from: name }));
  }

  /** Lets something happen when a message from one host reaches another, if it does. */
  protected carry(from: Host, to: Host, run: () => void): void {
    const atMs = this.#carry(from.index, to.index, this.queue.nowMs);
    if (atMs !== undefined) this.queue.add(atMs, run);
  }

  /** A block and all before it come from somebody, if the network lets them. */
  protected fetch(host: Host, id: Hash): void {
    const block = this.blocks.get(bytesKey(id));
    if (block === undefined) return;
    const arrive = () => {
      this.learn(host, block);
      this.tell(host, { kind: 'block', block, valid: block.valid });
    };
    if (host.known.has(bytesKey(id))) return this.queue.add(this.queue.nowMs, arrive);
    const source = this.hosts.find((other) => other !== host && other.known.has(bytesKey(id)));
    if (source !== undefined) this.carry(source, host, arrive);
  }

  /** A host has a block from now on. */
  protected learn(host: Host, block: BlockRef): void {
    let one: BlockRef | undefined = block;
    while (one !== undefined && !host.known.has(bytesKey(one.id))) {
      host.known.add(bytesKey(one.id));
      one = this.blocks.get(bytesKey(one.parent));
    }
  }

  #finalise(host: Host, block: BlockRef, certificate: Uint8Array): void {
    [host.final, host.certificate] = [block, certificate];
    if (!host.honest) return;
    if (!this.isFinal(block, certificate)) this.faults.push('a certificate that does not hold');
    if (this.blocks.get(bytesKey(block.id))?.valid !== true) this.faults.push('an invalid block is final');
    for (let { height } = block; height > 0; height--) {
      const id = this.ancestor(block.id, height) as Hash;
      const other = this.#decided.get(height);
      if (other === undefined) this.#decided.set(height, id);
      else if (equalBytes(other, id)) return;
      else this.#disagreements++;
    }
  }

  #convict(host: Host, bytes: Uint8Array): void {
    if (!host.honest) return;
    const judged = this.judge(bytes);
    if (!judged.ok) return void this.faults.push(`evidence that shows nothing: ${judged.error.rule}`);
    const { offender, offence } = judged.value;
    const member = this.schedule.weights.findIndex((_, i) => equalBytes(mockKey(i), offender));
    this.#guilty.add(member);
    this.#offences.add(offence);
    if (this.schedule.members[member] === 'honest') this.faults.push(`evidence against honest ${member}`);
  }

  protected ancestor(id: Hash, height: number): Hash | undefined {
    let block: BlockRef | undefined = this.blocks.get(bytesKey(id));
    while (block !== undefined && block.height > height) block = this.blocks.get(bytesKey(block.parent));
    return block?.height === height ? block.id : undefined;
  }
}

/** Members of whom those that break the rules weigh less than a third. */
export function drawMembers(random: SeededRandom): Pick<Schedule, 'weights' | 'members'> {
  const count = 4 + random.below(4);
  const weights = Array.from({ length: count }, () => (random.oneIn(2) ? 1 : 1 + random.below(9)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let faulty = 0;
  const members = weights.map((weight): MemberKind => {
    if (3 * (faulty + weight) >= total || random.oneIn(5)) return 'honest';
    faulty += weight;
    return random.pick(['twins', 'silent', 'yes', 'garbage'] as const);
  });
  return { weights, members };
}
