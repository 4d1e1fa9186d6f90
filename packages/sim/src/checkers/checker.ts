import type { Cluster } from '../cluster.ts';

/** Something that must never be, and was. */
export interface Violation {
  /** The invariant's name. */
  readonly invariant: string;
  /** Microseconds of the run at which it was seen. */
  readonly atUs: number;
  readonly message: string;
  readonly evidence: Readonly<Record<string, string | number>>;
}

/** Reports what was found. */
export type Report = (message: string, evidence: Violation['evidence']) => void;

/**
 * Looks at all nodes from outside and knows none of their code's shortcuts. Nodes that are meant to break the rules
 * are not looked at.
 */
export interface Checker {
  /** What must hold, such as `agreement`. */
  readonly invariant: string;
  /** Looks while the run goes on, every few seconds of it. */
  watch?(cluster: Cluster, report: Report): void;
  /** Looks once, when the run is over. */
  finish?(cluster: Cluster, report: Report): void;
}
