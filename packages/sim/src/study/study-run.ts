import { assert } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { ZERO_HASH } from '@calin/core/crypto/hash.ts';
import type { Violation } from '../checkers/checker.ts';
import { Dice, seedFor, seedOf } from '../dice.ts';
import { RunLog, type SimLogOptions } from '../log.ts';
import { Accountability } from './checkers/accountability.ts';
import { AgreedLog } from './checkers/agreed-log.ts';
import { Durability } from './checkers/durability.ts';
import { ExactlyOnce } from './checkers/exactly-once.ts';
import type { Decision, StudyChecker, StudyEnd } from './checkers/study-checker.ts';
import { StudyLiveness } from './checkers/study-liveness.ts';
import { FlightRecorder, type RecordedScene } from './flight-recorder.ts';
import { StudyCluster } from './study-cluster.ts';
import {
  crashMachines,
  disturbMessages,
  divideMachines,
  type Strike,
  type StudyFault,
} from './study-faults.ts';
import { defaultFaults, drawLiars } from './study-liars.ts';
import type { StudyMachine } from './study-machine.ts';
import { StudyMeasures } from './study-measures.ts';
import { entryName, textDigest } from './study-node.ts';
import type { LiarKind, StudyProtocol } from './study-protocol.ts';
import { createStudyReport, type StudyReport } from './study-report.ts';

/** Choices for a run of a study protocol. */
export interface StudyOptions {
  readonly seed: number;
  /** What goes wrong; all that the protocol bears when left out, and nothing with an empty list. */
  readonly faults?: readonly StudyFault[] | undefined;
  readonly nodes?: number | undefined;
  readonly durationS?: number | undefined;
  readonly clients?: number | undefined;
  /** Between an answer and a client's next request, on average. */
  readonly pauseMs?: number | undefined;
  readonly log?: SimLogOptions | undefined;
}

/** A run that is over. */
export interface FinishedStudy {
  readonly report: StudyReport;
  /** What is worth a picture. */
  readonly scenes: readonly RecordedScene[];
}

/** A study protocol, whatever its messages are. */
export interface Study {
  /** As on the command line. */
  readonly name: string;
  readonly summary: string;
  readonly nodes: number;
  readonly nodesMin: number;
  /** Runs it to the end. The same options give the same report, and the same log to the byte. */
  run(options: StudyOptions): FinishedStudy;
}

const S = 1_000_000;
const DURATION_S = 40;
const CLIENTS = 3;
const PAUSE_MS = 350;
/** Of a run: until then faults begin, by then all are over, and until then there are new requests. */
const FAULTS_SHARE = 0.5;
const HEALED_SHARE = 0.6;
const REQUESTS_SHARE = 0.85;
/** A write to a disk, where anything goes wrong; else it takes no time, so that delays can be counted. */
const SYNC_US = 3_000;
/** Violations that are reported of each invariant: the first ones say what went wrong. */
const VIOLATIONS_MAX = 10;

/** Makes a study of a protocol. */
export function defineStudy<M, R>(protocol: StudyProtocol<M, R>): Study {
  const { name, summary, nodes, nodesMin } = protocol;
  return { name, summary, nodes, nodesMin, run: (options) => new StudyRun(protocol, options).run() };
}

class StudyRun<M, R> {
  readonly #protocol: StudyProtocol<M, R>;
  readonly #options: StudyOptions;
  readonly #nodes: number;
  readonly #clients: number;
  readonly #durationS: number;
  readonly #faults: readonly StudyFault[];
  readonly #liars: ReadonlyMap<number, LiarKind>;
  readonly #cluster: StudyCluster<M, R>;
  readonly #log = new AgreedLog();
  readonly #checkers: readonly StudyChecker[];
  readonly #measures = new StudyMeasures();
  readonly #scenes: FlightRecorder<M>;
  readonly #runLog: RunLog;
  readonly #violations: Violation[] = [];
  #strike: Strike<M, R> = () => {};

  constructor(protocol: StudyProtocol<M, R>, options: StudyOptions) {
    this.#protocol = protocol;
    this.#options = options;
    this.#nodes = options.nodes ?? protocol.nodes;
    this.#clients = options.clients ?? CLIENTS;
    this.#durationS = options.durationS ?? DURATION_S;
    assert(this.#nodes >= protocol.nodesMin, `${protocol.name} needs ${protocol.nodesMin} nodes`);
    this.#faults = options.faults ?? defaultFaults(protocol);
    const seed = seedOf(options.seed);
    this.#liars = drawLiars(protocol, this.#nodes, this.#faults, new Dice(seedFor(seed, 'liars')));
    this.#runLog = new RunLog(options.log ?? {});
    this.#cluster = this.#createCluster(seed);
    this.#scenes = new FlightRecorder(this.#cluster.parts.kindOf, this.#cluster.parts.describe);
    this.#checkers = this.#createCheckers();
  }

  run(): FinishedStudy {
    const cluster = this.#cluster;
    for (const [node, kind] of this.#liars) cluster.say(undefined, 'breaks the rules', { node, kind });
    cluster.begin();
    this.#breakThings();
    for (let second = 1; second <= this.#durationS; second++) {
      cluster.clock.runUntil(second * S);
      this.#runLog.add([cluster.log.take()]);
    }
    const guilty = this.#finish();
    return { report: this.#report(guilty), scenes: this.#scenes.scenes };
  }

  #createCluster(seed: Uint8Array): StudyCluster<M, R> {
    const { pauseMs = PAUSE_MS, log } = this.#options;
    const options = {
      seed,
      nodes: this.#nodes,
      clients: this.#clients,
      liars: this.#liars,
      pauseUs: 1000 * pauseMs,
      untilUs: this.#share(REQUESTS_SHARE),
      syncUs: this.#faults.length === 0 ? 0 : SYNC_US,
      logLevel: log?.level ?? 'info',
    };
    return new StudyCluster<M, R>(this.#protocol, options, {
      started: ({ name }) => this.#log.started(name),
      honest: (machine, effect) => {
        const { name } = machine;
        if (effect.kind === 'adopt')
          this.#log.adopted(name, effect.index, effect.history, this.#reporter(this.#log));
        else if (effect.kind === 'decide') this.#decided({ machine: name, ...effect });
        else this.#leaderChanges(machine, effect.kind);
      },
      answered: (request, tookUs) => {
        this.#measures.answered(tookUs);
        for (const checker of this.#checkers) checker.answered?.(request);
      },
      arrived: (flight) => {
        const { from, to, message } = flight;
        if (this.#cluster.honest.some((machine) => machine === to))
          this.#cluster.parts.accuser.heard(from.number, message);
        this.#scenes.arrived(flight, this.#cluster.clock.nowUs);
      },
    });
  }

  #createCheckers(): readonly StudyChecker[] {
    const { lagMax, isAccountable, liarsMax } = this.#protocol;
    const liars = new Set(this.#liars.keys());
    const guiltyMin = isAccountable ? liarsMax(this.#nodes) + 1 : 0;
    const healedUs = this.#share(HEALED_SHARE);
    const quietUs = this.#share(REQUESTS_SHARE) - healedUs;
    // A small part of what the clients would do: liars may lead first, and each is waited for longer.
    const executedMin = Math.floor(quietUs / S / 2);
    return [
      this.#log,
      new ExactlyOnce(this.#log),
      new Durability(lagMax),
      new StudyLiveness({ nowUs: () => this.#cluster.clock.nowUs, healedUs, executedMin }),
      new Accountability({ liars, guiltyMin }),
    ];
  }

  #leaderChanges(machine: StudyMachine<M, R>, kind: 'suspect' | 'lead'): void {
    const { nowUs } = this.#cluster.clock;
    if (kind === 'suspect') this.#measures.suspected(nowUs);
    else this.#measures.led(nowUs);
    this.#scenes.mark(machine.name, kind === 'suspect' ? 'suspects' : 'leads', nowUs);
    this.#strike(machine);
  }

  #decided(decision: Decision): void {
    if (decision.index > this.#log.length) this.#measures.decided(decision.executed);
    this.#scenes.mark(decision.machine, 'decided', this.#cluster.clock.nowUs);
    for (const checker of this.#checkers) checker.decided?.(decision, this.#reporter(checker));
  }

  #breakThings(): void {
    const time = {
      fromUs: S,
      untilUs: this.#share(FAULTS_SHARE),
      healedUs: this.#share(HEALED_SHARE),
    };
    if (this.#faults.includes('crashes')) this.#strike = crashMachines(this.#cluster, time);
    if (this.#faults.includes('partitions')) divideMachines(this.#cluster, time);
    if (this.#faults.includes('links')) disturbMessages(this.#cluster, time);
  }

  #share(share: number): number {
    return Math.floor(share * this.#durationS * S);
  }

  #finish(): ReadonlyMap<number, string> {
    const { honest, clients, parts } = this.#cluster;
    const { guilty } = parts.accuser;
    const end: StudyEnd = {
      log: this.#log,
      machines: honest.map(({ name, number, isUp }) => {
        return { name, number, isUp, position: this.#log.position(name) };
      }),
      open: clients.flatMap(({ open }) => (open === undefined ? [] : [entryName(open)])),
      guilty,
    };
    for (const checker of this.#checkers) checker.finish?.(end, this.#reporter(checker));
    return guilty;
  }

  #reporter({ invariant }: StudyChecker) {
    return (message: string, evidence: Violation['evidence']): void => {
      if (this.#violations.filter((one) => one.invariant === invariant).length >= VIOLATIONS_MAX) return;
      const atUs = this.#cluster.clock.nowUs;
      this.#violations.push({ invariant, atUs, message, evidence });
      this.#cluster.say(undefined, `BROKEN ${invariant}: ${message}`, evidence, 'error');
    };
  }

  #report(guilty: ReadonlyMap<number, string>): StudyReport {
    const { traffic, clock } = this.#cluster;
    this.#runLog.add([this.#cluster.log.take()]);
    return createStudyReport({
      protocol: this.#protocol.name,
      seed: this.#options.seed,
      nodes: this.#nodes,
      durationS: this.#durationS,
      faults: this.#faults,
      liars: [...this.#liars].map(([node, kind]) => ({ node, kind })),
      isBeyondBound: this.#liars.size > this.#protocol.liarsMax(this.#nodes),
      events: clock.fired,
      traffic,
      measures: this.#measures,
      guilty: [...guilty].map(([node, offence]) => ({ node, offence })),
      violations: this.#violations,
      log: { lines: this.#runLog.lines, hash: toHex(this.#runLog.digest()) },
      hash: textDigest(ZERO_HASH, `${this.#log.history} ${toHex(this.#runLog.digest())}`),
    });
  }
}
