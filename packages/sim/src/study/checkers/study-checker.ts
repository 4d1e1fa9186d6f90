import type { Report } from '../../checkers/checker.ts';
import type { StudyRequest } from '../study-node.ts';
import type { AgreedLog } from './agreed-log.ts';

/** Where an honest machine is when a run is over. */
export interface MachineEnd {
  readonly name: string;
  readonly number: number;
  readonly isUp: boolean;
  /** The last entry that it has decided, or taken over with a state. */
  readonly position: number;
}

/** A run that is over, as checkers see it. */
export interface StudyEnd {
  readonly log: AgreedLog;
  readonly machines: readonly MachineEnd[];
  /** Requests that clients still wait for, by name. */
  readonly open: readonly string[];
  /** What each guilty node did, by its number. */
  readonly guilty: ReadonlyMap<number, string>;
}

/** Something that an honest machine has decided. */
export interface Decision {
  readonly machine: string;
  readonly index: number;
  readonly request: StudyRequest | undefined;
  readonly executed: boolean;
}

/** Looks at honest machines from outside, and knows nothing of the protocol. */
export interface StudyChecker {
  /** What must hold, such as `agreement`. */
  readonly invariant: string;
  /** Told of each decision, after the log of all has it. */
  decided?(decision: Decision, report: Report): void;
  /** Told of each request that its client has as done. */
  answered?(request: StudyRequest): void;
  finish?(end: StudyEnd, report: Report): void;
}
