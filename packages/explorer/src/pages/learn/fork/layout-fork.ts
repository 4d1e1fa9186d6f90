import type { ForkBlock } from './two-miners.ts';

/** A block with its place: column by height, lane 0 for what was there first. */
export interface ForkPlace {
  readonly block: ForkBlock;
  readonly column: number;
  readonly lane: number;
}

/** Lays out blocks by height: a first child goes on in the lane of its parent, each other one in the next free one. */
export function layoutFork(blocks: readonly ForkBlock[]): readonly ForkPlace[] {
  const places = new Map<string, ForkPlace>();
  const taken = new Set<string>();
  const base = blocks[0]?.height ?? 0;
  for (const block of blocks) {
    const column = block.height - base;
    let lane = places.get(block.parent)?.lane ?? 0;
    while (taken.has(`${column} ${lane}`)) lane += 1;
    taken.add(`${column} ${lane}`);
    places.set(block.id, { block, column, lane });
  }
  return [...places.values()];
}
