import type { NodeSight } from '@calin/sim/live/live-frame.ts';
import type { OwnFault } from '@calin/sim/live/own-faults.ts';

/** A moment of a run: `12.345 s`. */
export function formatMomentOfRun(us: number): string {
  return `${(us / 1_000_000).toFixed(3)} s`;
}

/** Nodes by their names, as in the log. */
export function nameNodes(nodes: readonly number[]): string {
  return nodes.map((node) => `n${node}`).join(', ');
}

/** What a fault does. */
export function explainFault(fault: OwnFault): string {
  switch (fault.kind) {
    case 'partition':
      return `${nameNodes(fault.nodes)} cut off from the others`;
    case 'heal':
      return 'The network is whole and quick again';
    case 'crash':
      return `The power of ${nameNodes(fault.nodes)} is cut`;
    case 'restart':
      return `${nameNodes(fault.nodes)} switched on`;
    case 'slow':
      return `Everything from and to ${nameNodes(fault.nodes)} takes ${fault.extraMs} ms longer`;
    case 'links':
      return `Links lose ${fault.lostPermille / 10} % of the messages, ${fault.latePermille / 10} % come late`;
  }
}

/** How a node stands to the others, for its colour. */
export type NodeStand = 'off' | 'side' | 'behind' | 'best';

/** @param highest - the height of the best branch */
export function standOf({ isUp, isOnBest, height }: NodeSight, highest: number): NodeStand {
  if (!isUp) return 'off';
  if (!isOnBest) return 'side';
  return height < highest ? 'behind' : 'best';
}

/** The height of the best branch: of the highest head of nodes that keep to the rules. */
export function highestOf(nodes: readonly NodeSight[]): number {
  return Math.max(0, ...nodes.filter(({ isOnBest }) => isOnBest).map(({ height }) => height));
}

const STANDS = {
  off: 'off',
  side: 'other branch',
  behind: 'behind',
  best: 'best branch',
} as const;

/** The state of a node in a few words. */
export function describeNode(node: NodeSight, highest: number): string {
  const { side, slowMs, cheat } = node;
  const more = [
    ...(side > 0 ? ['cut off'] : []),
    ...(slowMs > 0 ? [`${slowMs} ms late`] : []),
    ...(cheat === undefined ? [] : [cheat]),
  ];
  return [STANDS[standOf(node, highest)], ...more].join(', ');
}

/** What must hold, in words for people. */
export const INVARIANT_WORDS: Readonly<Record<string, string>> = {
  agreement: 'A block that is final on one node is final on all of them, for ever.',
  'supply and no double spend': 'No coin is spent twice and none comes from nothing.',
  'equal roots': 'Every state is the one that its head names.',
  liveness: 'Once nothing is wrong any more, the chain grows and every node follows.',
  inclusion: 'What a pool has taken comes into a block.',
};
