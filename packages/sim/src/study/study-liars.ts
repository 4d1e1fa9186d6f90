import type { Dice } from '../dice.ts';
import type { StudyFault } from './study-faults.ts';
import type { LiarKind } from './study-protocol.ts';

/** What of a protocol says who may lie. */
export interface LiarRules {
  readonly nodes: number;
  readonly liarKinds: readonly LiarKind[];
  liarsMax(nodes: number): number;
}

/** All that a protocol bears. */
export function defaultFaults({ nodes, liarsMax }: LiarRules): readonly StudyFault[] {
  const crash = ['crashes', 'partitions', 'links'] as const;
  return liarsMax(nodes) > 0 ? [...crash, 'liars'] : crash;
}

/**
 * Which nodes break the rules, and how: as many as Byzantine agreement bears, a third less one; with `more-liars` one
 * more, all of them twins who work together, and the first leader is one of them.
 */
export function drawLiars(
  { liarKinds }: Pick<LiarRules, 'liarKinds'>,
  nodes: number,
  faults: readonly StudyFault[],
  dice: Dice,
): ReadonlyMap<number, LiarKind> {
  const borne = Math.max(1, Math.floor((nodes - 1) / 3));
  const order = dice.shuffle(Array.from({ length: nodes }, (_, i) => i));
  if (faults.includes('more-liars')) {
    const others = order.filter((node) => node !== 0).slice(0, borne);
    return new Map(ascending([0, ...others]).map((node) => [node, 'twins']));
  }
  if (!faults.includes('liars')) return new Map();
  return new Map(ascending(order.slice(0, borne)).map((node) => [node, dice.choose(liarKinds)]));
}

function ascending(numbers: readonly number[]): readonly number[] {
  return numbers.toSorted((a, b) => a - b);
}
