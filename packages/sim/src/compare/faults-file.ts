import type { Failure, Result } from '@calin/core/base/result.ts';
import { array, choice, type Infer, integer, object, variant, withDefault } from '@calin/core/base/schema.ts';
import { CHEATS, type Cheat } from '../scenarios/cheaters.ts';
import { refuseFaults } from './rules.ts';

/** A day: no run is longer. */
const SECONDS_MAX = 86_400;

const FAULTS_MAX = 64;

const fromS = integer('Second of the run at which it begins.', 0, SECONDS_MAX);
const toS = integer('Second of the run at which it is over.', 1, SECONDS_MAX);
const nodesPercent = integer('Share of the nodes, drawn by the seed; at least one.', 1, 99);
const permille = (description: string) => withDefault(integer(description, 0, 500), 0);

/** A part of the network is cut off. */
export interface Partition {
  readonly kind: 'partition';
  readonly fromS: number;
  readonly toS: number;
  readonly nodesPercent: number;
}

/** Machines are without power. */
export interface Outage {
  readonly kind: 'crash';
  readonly fromS: number;
  readonly toS: number;
  readonly nodesPercent: number;
}

/** Links lose, double and delay messages. */
export interface BadLinks {
  readonly kind: 'links';
  readonly fromS: number;
  readonly toS: number;
  readonly lostPermille: number;
  readonly doubledPermille: number;
  readonly latePermille: number;
}

/** Clocks are set wrong. */
export interface WrongClocks {
  readonly kind: 'clocks';
  readonly fromS: number;
  readonly skewMsMax: number;
}

/** Some of the makers cheat, for the whole run. */
export interface Cheating {
  readonly kind: 'byzantine';
  readonly makersPercent: number;
  readonly does: Cheat;
}

/** One fault of a comparison. */
export type ComparedFault = Partition | Outage | BadLinks | WrongClocks | Cheating;

const fault = variant<ComparedFault>('kind', {
  partition: object('A part of the nodes is cut off from the others.', {
    kind: choice('Names this fault.', ['partition']),
    fromS,
    toS,
    nodesPercent,
  }),
  crash: object('Nodes are without power, and come back with what was on their disks.', {
    kind: choice('Names this fault.', ['crash']),
    fromS,
    toS,
    nodesPercent,
  }),
  links: object('All links lose, double or delay messages.', {
    kind: choice('Names this fault.', ['links']),
    fromS,
    toS,
    lostPermille: permille('Messages of a thousand that are lost.'),
    doubledPermille: permille('Messages of a thousand that come twice.'),
    latePermille: permille('Messages of a thousand that come up to two seconds late, behind others.'),
  }),
  clocks: object('Every clock is set to another time.', {
    kind: choice('Names this fault.', ['clocks']),
    fromS,
    skewMsMax: integer('How many milliseconds a clock is wrong at most, either way.', 1, 10_000),
  }),
  byzantine: object('Some of those who make blocks or vote cheat, from the start to the end.', {
    kind: choice('Names this fault.', ['byzantine']),
    makersPercent: integer('Share of the makers, rounded down.', 1, 99),
    does: choice(
      'equivocate: two blocks or two votes. withhold: blocks are kept back. silent: no votes. late: votes are kept back.',
      CHEATS,
    ),
  }),
});

/** What a file of faults holds. */
export const faultsFileSchema = object('Faults that every consensus of a comparison is put through.', {
  faults: array('What goes wrong, in any order.', fault, FAULTS_MAX),
});

/** Faults for a comparison. */
export type FaultsFile = Infer<typeof faultsFileSchema>;

/** Reads a file of faults: what `JSON.parse` gave. Refuses by `faults/…`. */
export function parseFaultsFile(json: unknown): Result<FaultsFile> {
  const parsed = faultsFileSchema.parse(json, 'file');
  if (!parsed.ok) return refuseFaults('faults/shape', parsed.error.evidence);
  const { faults } = parsed.value;
  return checkTimes(faults) ?? checkOverlap(faults, 'partition') ?? checkOverlap(faults, 'links') ?? parsed;
}

function checkTimes(faults: readonly ComparedFault[]): Failure | undefined {
  for (const [i, one] of faults.entries()) {
    if (!('toS' in one) || one.toS > one.fromS) continue;
    const path = `file.faults[${i}].toS`;
    return refuseFaults('faults/time', { path, got: one.toS, expected: `above ${one.fromS}` });
  }
  return undefined;
}

function checkOverlap(faults: readonly ComparedFault[], kind: 'partition' | 'links'): Failure | undefined {
  const spans = faults.flatMap((one) => (one.kind === kind ? [one] : []));
  const ordered = spans.toSorted((a, b) => a.fromS - b.fromS);
  for (const [i, { fromS: begins }] of ordered.entries()) {
    const before = ordered[i - 1];
    if (before !== undefined && begins < before.toS)
      return refuseFaults('faults/overlap', { kind, fromS: begins, toS: before.toS });
  }
  return undefined;
}
