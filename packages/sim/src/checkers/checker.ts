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

/** When a checker looks: every few seconds of the run, and once when it is over. */
export type Moment = 'watch' | 'finish';

/**
 * Looks at all nodes from outside and knows none of their code's shortcuts. Nodes that are meant to break the rules
 * are not looked at. A run may be divided: so a checker looks in each part for itself, and then judges what was seen in
 * all of them, with the same words however it was divided.
 */
export interface Checker<Sight = unknown> {
  /** What must hold, such as `agreement`. */
  readonly invariant: string;
  /** What is to be seen in one part of a run: plain data, so that a thread can hand it to another; or nothing. */
  look(cluster: Cluster, moment: Moment): Sight | undefined;
  /** Judges what was seen at one moment: a sight of each part that had one. */
  judge(sights: readonly Sight[], moment: Moment, report: Report): void;
}

/** Something that one part of a run has found wrong about a machine. */
export interface Finding {
  readonly machine: number;
  readonly message: string;
  readonly evidence: Violation['evidence'];
}

/** The findings of all parts in the order of the machines. */
export function inOrder<T extends { readonly machine: number }>(
  parts: readonly (readonly T[])[],
): readonly T[] {
  return parts.flat().toSorted((a, b) => a.machine - b.machine);
}
