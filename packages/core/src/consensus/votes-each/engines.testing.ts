import { equalBytes, toHex } from '../../base/bytes.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import { type SeededRandom, seededRandom } from '../../base/fuzz.testing.ts';
import { Writer } from '../../codec/writer.ts';
import { type Hash, hash, ZERO_HASH } from '../../crypto/hash.ts';
import type { ValidatorSet } from '../../primitives/validator-set.ts';
import { EventQueue } from '../voting/event-queue.testing.ts';
import { mockKey, mockSet, mockSign, mockVerify } from '../voting/mock-signatures.testing.ts';
import type { BlockRef, Offence, VotingEffect, VotingEvent } from '../voting/voting-engine.ts';
import { type Carry, createCarry, type Weather } from '../voting/weather.testing.ts';
import { parseCertificate, verifyCertificate } from './certificate.ts';
import { CHAIN_ID } from './chain.testing.ts';
import { parseEvidence, verifyEvidence } from './evidence.ts';
import { createLiar, type LiarKind } from './liars.testing.ts';
import { VotesEachEngine } from './votes-each-engine.ts';

/** How one run goes; with the seed it says everything. */
export interface Schedule {
  readonly seed: number;
  readonly weights: readonly number[];
  /** What each member is; the honest ones may crash and come back until the network is calm. */
  readonly members: readonly ('honest' | 'twins' | LiarKind)[];
  readonly weather: Weather;
  /** Before the network is calm, a node crashes in one of so many steps; 0 for never. */
  readonly crashOneIn: number;
  /** True when nodes pass on the votes of others, false when everybody hears everybody. */
  readonly relays: boolean;
  /** See {@link VotesEachTimeouts}. */
  readonly blockMs: number;
  /** The run ends when every honest node has decided this height, at the latest at `untilMs`. */
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
  /** The greatest round that somebody honest decided in. */
  readonly roundMax: number;
  readonly endMs: number;
  readonly events: number;
}

/** Blocks of an epoch of all schedules: few, so that sets change often. */
const EPOCH_BLOCKS = 3;
/** The genesis block of all schedules. */
export const GENESIS: BlockRef = { id: new Uint8Array(32).fill(0x9e), height: 0, parent: ZERO_HASH };

const TIMEOUTS = { proposeMs: 150, voteMs: 60, growthMs: 60, resendMs: 400 };

/** Runs a schedule. The same one gives the same outcome. */
export function runSchedule(schedule: Schedule): Outcome {
  return new Cluster(schedule).run();
}

/** One node: an engine with its disk and its chain. */
interface Host {
  readonly member: number;
  /** Messages reach only hosts of the same side, or of side 0. */
  readonly side: number;
  readonly honest: boolean;
  engine: VotesEachEngine | undefined;
  /** Counts restarts: what was asked for before a crash is not answered after it. */
  life: number;
  record: Uint8Array | undefined;
  final: BlockRef;
  certificate: Uint8Array | undefined;
  readonly known: Set<string>;
}

/** A member that sends what it likes. */
interface Liar {
  readonly member: number;
  hear(bytes: Uint8Array): readonly Uint8Array[];
}

class Cluster {
  readonly #schedule: Schedule;
  readonly #random: SeededRandom;
  readonly #queue = new EventQueue();
  readonly #carry: Carry;
  readonly #hosts: Host[] = [];
  readonly #liars: Liar[] = [];
  readonly #blocks = new Map<string, BlockRef & { readonly valid: boolean }>();
  readonly #sets = new Map<number, ValidatorSet>();
  /** By height: what somebody honest took as final. */
  readonly #decided = new Map<number, Hash>();
  readonly #faults: string[] = [];
  readonly #guilty = new Set<number>();
  #disagreements = 0;
  #roundMax = 0;
  #events = 0;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    this.#random = seededRandom(schedule.seed);
    this.#blocks.set(bytesKey(GENESIS.id), { ...GENESIS, valid: true });
    for (const [member, kind] of schedule.members.entries()) {
      if (kind === 'honest') this.#addHost(member, this.#random.pick([1, 2]), true);
      else if (kind === 'twins') for (const side of [1, 2]) this.#addHost(member, side, false);
      else this.#liars.push({ member, hear: createLiar(kind, member, this.#random) });
    }
    this.#carry = createCarry(schedule.weather, this.#hosts.length, this.#random);
  }

  run(): Outcome {
    for (const host of this.#hosts) this.#start(host);
    const honest = this.#hosts.filter((host) => host.honest);
    const isDone = () => honest.every(({ final }) => final.height >= this.#schedule.heights);
    while (!isDone() && this.#queue.next(this.#schedule.untilMs)) this.#events++;
    return {
      heights: honest.map(({ final }) => final.height),
      disagreements: this.#disagreements,
      faults: this.#faults,
      guilty: this.#guilty,
      roundMax: this.#roundMax,
      endMs: this.#queue.nowMs,
      events: this.#events,
    };
  }

  #addHost(member: number, side: number, honest: boolean): void {
    const empty = { engine: undefined, life: 0, record: undefined, final: GENESIS, certificate: undefined };
    this.#hosts.push({ ...empty, member, side, honest, known: new Set([bytesKey(GENESIS.id)]) });
  }

  #setOf(epoch: number): ValidatorSet {
    let set = this.#sets.get(epoch);
    if (set === undefined) {
      set = mockSet(epoch, this.#schedule.weights);
      this.#sets.set(epoch, set);
    }
    return set;
  }

  #start(host: Host): void {
    host.engine = new VotesEachEngine(
      { ...TIMEOUTS, blockMs: this.#schedule.blockMs },
      {
        chainId: CHAIN_ID,
        epochBlocks: EPOCH_BLOCKS,
        publicKey: mockKey(host.member),
        validators: { at: (epoch) => this.#setOf(epoch) },
        blocks: { ancestor: (id, height) => this.#ancestor(id, height) },
        verify: mockVerify,
      },
    );
    this.#tell(host, {
      kind: 'start',
      final: host.final,
      certificate: host.certificate,
      record: host.record,
    });
  }

  #tell(host: Host, event: VotingEvent): void {
    if (host.engine === undefined) return;
    const effects = host.engine.step(event, this.#queue.nowMs);
    const crashes = this.#crashes();
    const done = crashes ? effects.slice(0, this.#random.below(effects.length + 1)) : effects;
    for (const effect of done) this.#do(host, effect);
    if (!crashes) return;
    host.engine = undefined;
    host.life++;
    this.#queue.add(this.#queue.nowMs + this.#random.below(2_000), () => this.#start(host));
  }

  #crashes(): boolean {
    const { crashOneIn, weather } = this.#schedule;
    return crashOneIn > 0 && this.#queue.nowMs < weather.calmAtMs && this.#random.oneIn(crashOneIn);
  }

  /** Tells a host something later, unless it has crashed by then. */
  #later(host: Host, delayMs: number, event: VotingEvent): void {
    const { life } = host;
    this.#queue.add(this.#queue.nowMs + delayMs, () => {
      if (host.life === life) this.#tell(host, event);
    });
  }

  #do(host: Host, effect: VotingEffect): void {
    switch (effect.kind) {
      case 'save':
        host.record = effect.record;
        return;
      case 'sign': {
        const signature = mockSign(mockKey(host.member), effect.message);
        return this.#later(host, this.#random.below(3), { kind: 'signed', job: effect.job, signature });
      }
      case 'broadcast':
        if (effect.from === undefined || this.#schedule.relays)
          this.#broadcast(host, effect.bytes, effect.from);
        return;
      case 'want':
        return this.#fetch(host, effect.id);
      case 'propose':
        return this.#make(host, effect.height, effect.round, effect.parent);
      case 'finalise':
        return this.#finalise(host, effect.block, effect.certificate);
      case 'evidence':
        return this.#judge(host, effect.bytes);
      case 'wake':
        return this.#later(host, effect.atMs - this.#queue.nowMs, { kind: 'tick' });
      case 'refuse':
        if (host.honest && effect.from.startsWith('honest'))
          this.#faults.push(`refused an honest message by ${effect.refusal.rule}`);
        return;
      default:
        return;
    }
  }

  #broadcast(from: Host, bytes: Uint8Array, origin: string | undefined): void {
    const name = `${from.honest ? 'honest' : 'faulty'} ${this.#hosts.indexOf(from)}`;
    for (const to of this.#hosts) {
      const isReached = from.honest && to.honest ? true : from.side === to.side;
      if (to === from || !isReached || origin?.endsWith(` ${this.#hosts.indexOf(to)}`)) continue;
      this.#send(from, to, bytes, name);
    }
    for (const liar of this.#liars) {
      for (const answer of liar.hear(bytes)) {
        for (const to of this.#hosts) this.#send(from, to, answer, `faulty ${liar.member}`);
      }
    }
  }

  #send(from: Host, to: Host, bytes: Uint8Array, name: string): void {
    const atMs = this.#carry(this.#hosts.indexOf(from), this.#hosts.indexOf(to), this.#queue.nowMs);
    if (atMs === undefined) return;
    this.#queue.add(atMs, () => this.#tell(to, { kind: 'message', bytes, from: name }));
  }

  /** A block and all before it come from somebody, if the network lets them. */
  #fetch(host: Host, id: Hash): void {
    const block = this.#blocks.get(bytesKey(id));
    if (block === undefined) return;
    const source = this.#hosts.find((other) => other !== host && other.known.has(bytesKey(id)));
    const [from, to] = [source === undefined ? -1 : this.#hosts.indexOf(source), this.#hosts.indexOf(host)];
    const isHere = host.known.has(bytesKey(id));
    const atMs = isHere ? this.#queue.nowMs : from < 0 ? undefined : this.#carry(from, to, this.#queue.nowMs);
    if (atMs === undefined) return;
    this.#queue.add(atMs, () => {
      host.known.add(bytesKey(id));
      this.#tell(host, { kind: 'block', block, valid: block.valid });
    });
  }

  #make(host: Host, height: number, round: number, parent: Hash): void {
    const valid = host.honest || !this.#random.oneIn(4);
    const writer = new Writer(64).u32(height).u32(round).u32(this.#blocks.size).hash(parent);
    const block = { id: hash('header', writer.finish()), height, parent, valid };
    this.#blocks.set(bytesKey(block.id), block);
    host.known.add(bytesKey(block.id));
    this.#later(host, this.#random.below(20), { kind: 'made', round, block });
  }

  #finalise(host: Host, block: BlockRef, bytes: Uint8Array): void {
    [host.final, host.certificate] = [block, bytes];
    if (!host.honest) return;
    const certificate = parseCertificate(bytes);
    const set = certificate.ok ? this.#setOf(certificate.value.epoch) : undefined;
    if (!certificate.ok || set === undefined) return void this.#faults.push('a certificate that is none');
    const { blockId, kind, round } = certificate.value;
    const checked = verifyCertificate(certificate.value, set, CHAIN_ID, mockVerify);
    if (!checked.ok || !equalBytes(blockId, block.id) || kind !== 'precommit')
      this.#faults.push('a certificate that does not hold');
    this.#roundMax = Math.max(this.#roundMax, round);
    if (this.#blocks.get(bytesKey(block.id))?.valid !== true) this.#faults.push('an invalid block is final');
    for (let { height } = block; height > 0; height--) {
      const id = this.#ancestor(block.id, height) as Hash;
      const other = this.#decided.get(height);
      if (other === undefined) this.#decided.set(height, id);
      else if (equalBytes(other, id)) return;
      else this.#disagreements++;
    }
  }

  #judge(host: Host, bytes: Uint8Array): void {
    if (!host.honest) return;
    const parsed = parseEvidence(bytes);
    const judged = parsed.ok
      ? verifyEvidence(parsed.value, this.#setOf(parsed.value[0].epoch), CHAIN_ID, mockVerify)
      : parsed;
    if (!judged.ok) return void this.#faults.push(`evidence that shows nothing: ${judged.error.rule}`);
    const { offender }: Offence = judged.value;
    const member = this.#schedule.weights.findIndex((_, i) => equalBytes(mockKey(i), offender));
    this.#guilty.add(member);
    if (this.#schedule.members[member] === 'honest')
      this.#faults.push(`evidence against the honest ${toHex(offender.subarray(0, 2))}`);
  }

  #ancestor(id: Hash, height: number): Hash | undefined {
    let block: BlockRef | undefined = this.#blocks.get(bytesKey(id));
    while (block !== undefined && block.height > height) block = this.#blocks.get(bytesKey(block.parent));
    return block?.height === height ? block.id : undefined;
  }
}
