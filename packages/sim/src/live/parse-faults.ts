import { type Failure, ok, type Result } from '@calin/core/base/result.ts';
import { EXTRA_MS_MAX, OWN_FAULTS_MAX, type OwnDeed, type OwnFault } from './own-faults.ts';
import { refusePlan } from './rules.ts';

/** What faults have to fit into. */
export interface FaultBounds {
  readonly nodes: number;
  /** They happen before: milliseconds of the run. */
  readonly untilMs: number;
}

/** A letter, then numbers with dots between them: the time and what belongs to the kind. */
const FAULT = /^[phcrsl]\d{1,9}(?:\.\d{1,9})*$/;

/** Links may lose or delay half of all messages. */
const PERMILLE_MAX = 500;

/** Reads faults of a link: `p5000.0.1-h9000`. Refuses by `run-plan/shape` and `run-plan/faults`. */
export function parseFaults(text: string, bounds: FaultBounds): Result<readonly OwnFault[]> {
  const parts = text.split('-');
  if (parts.length > OWN_FAULTS_MAX)
    return refusePlan('run-plan/faults', { faults: parts.length, max: OWN_FAULTS_MAX });
  const faults: OwnFault[] = [];
  for (const part of parts) {
    const parsed = parseFault(part, bounds, faults.at(-1)?.atMs ?? 0);
    if (!parsed.ok) return parsed;
    faults.push(parsed.value);
  }
  return ok(faults);
}

function parseFault(text: string, { nodes, untilMs }: FaultBounds, fromMs: number): Result<OwnFault> {
  const got = text.slice(0, 40);
  if (!FAULT.test(text)) return refusePlan('run-plan/shape', { got });
  const [atMs = 0, ...numbers] = text.slice(1).split('.').map(Number);
  if (atMs < fromMs || atMs >= untilMs)
    return refusePlan('run-plan/faults', { got, from: fromMs, below: untilMs });
  const deed = readDeed(text[0] as string, numbers);
  if (deed === undefined) return refusePlan('run-plan/shape', { got });
  const failure = 'nodes' in deed ? checkNodes(deed.nodes, nodes, got) : undefined;
  return failure ?? ok({ ...deed, atMs });
}

function readDeed(letter: string, numbers: readonly number[]): OwnDeed | undefined {
  const [first = Number.NaN, second = Number.NaN] = numbers;
  switch (letter) {
    case 'p':
      return { kind: 'partition', nodes: numbers };
    case 'c':
      return { kind: 'crash', nodes: numbers };
    case 'r':
      return { kind: 'restart', nodes: numbers };
    case 'h':
      return numbers.length === 0 ? { kind: 'heal' } : undefined;
    case 's':
      return first >= 1 && first <= EXTRA_MS_MAX
        ? { kind: 'slow', extraMs: first, nodes: numbers.slice(1) }
        : undefined;
    default: {
      const isInRange = first <= PERMILLE_MAX && second <= PERMILLE_MAX && numbers.length === 2;
      return isInRange ? { kind: 'links', lostPermille: first, latePermille: second } : undefined;
    }
  }
}

/** Some nodes that there are, each once, in order: then one deed has one text. */
function checkNodes(indexes: readonly number[], nodes: number, got: string): Failure | undefined {
  const isInOrder = indexes.every((index, i) => i === 0 || (indexes[i - 1] as number) < index);
  if (indexes.length > 0 && isInOrder && (indexes.at(-1) as number) < nodes) return undefined;
  return refusePlan('run-plan/faults', { got, nodes });
}
