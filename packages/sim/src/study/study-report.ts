import type { Violation } from '../checkers/checker.ts';
import type { KindTraffic, Traffic } from '../traffic.ts';
import type { StudyFault } from './study-faults.ts';
import type { StudyMeasures, TimesMs } from './study-measures.ts';
import { MESSAGE_US } from './study-network.ts';
import type { LiarKind } from './study-protocol.ts';

/** What a run of a study protocol is, and what was found out of it by others. */
interface StudyFacts {
  readonly protocol: string;
  readonly seed: number;
  readonly nodes: number;
  readonly durationS: number;
  readonly faults: readonly StudyFault[];
  readonly liars: readonly { readonly node: number; readonly kind: LiarKind }[];
  /** True when more nodes break the rules than the protocol bears. */
  readonly isBeyondBound: boolean;
  readonly events: number;
  /** Nodes that contradicted themselves, as far as it was seen. */
  readonly guilty: readonly { readonly node: number; readonly offence: string }[];
  readonly violations: readonly Violation[];
  readonly log: { readonly lines: number; readonly hash: string };
  /** Over the log of entries and the log of lines. */
  readonly hash: string;
}

/** The result of a run, for programs. Everything in it follows from the protocol, the seed and the choices. */
export interface StudyReport extends StudyFacts {
  /** Entries of the log, and requests that were executed. */
  readonly entries: number;
  readonly decisions: number;
  readonly messages: number;
  readonly bytes: number;
  /** Those of clients included. */
  readonly perDecision: { readonly messages: number; readonly bytes: number };
  readonly traffic: readonly KindTraffic[];
  /** From a request to its answer, and the median in times of one message. */
  readonly answers: TimesMs;
  readonly answerDelays: number;
  /** From the first wish for another leader to the next honest one. */
  readonly leaderChanges: TimesMs;
}

/** Sums a run up. */
export function createStudyReport({
  traffic,
  measures,
  ...facts
}: StudyFacts & { readonly traffic: Traffic; readonly measures: StudyMeasures }): StudyReport {
  const { protocol, seed, nodes, durationS, faults, liars, isBeyondBound, events, ...found } = facts;
  const { messages, bytes } = traffic;
  const { decisions, entries, answers, changes } = measures;
  const each = (total: number) => Math.round((10 * total) / Math.max(1, decisions)) / 10;
  return {
    ...{ protocol, seed, nodes, durationS, faults, liars, isBeyondBound, events },
    entries,
    decisions,
    messages,
    bytes,
    perDecision: { messages: each(messages), bytes: each(bytes) },
    traffic: traffic.kinds(),
    answers,
    answerDelays: (1000 * answers.p50Ms) / MESSAGE_US,
    leaderChanges: changes,
    ...found,
  };
}
