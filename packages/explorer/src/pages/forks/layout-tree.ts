/** A block of the picture. */
export interface TreeBlock {
  readonly id: string;
  readonly parent: string;
  readonly height: number;
}

/** A block with its place: the column says its height, the newest first; lane 0 is the best branch. */
export interface TreePlace extends TreeBlock {
  readonly column: number;
  readonly lane: number;
}

/** Lays out the best branch in one line and each side branch in the nearest lane that is free over all its length. */
export function layoutTree(best: readonly TreeBlock[], sides: readonly TreeBlock[]): readonly TreePlace[] {
  const top = Math.max(0, ...[...best, ...sides].map(({ height }) => height));
  const places = new Map<string, TreePlace>();
  const place = (block: TreeBlock, lane: number) =>
    places.set(block.id, { ...block, column: top - block.height, lane });
  for (const block of best) place(block, 0);
  const taken: Set<number>[] = [];
  for (const branch of branchesOf(sides)) {
    const heights = branch.map(({ height }) => height);
    // One height more below, where the branch leaves another one.
    const needed = [Math.min(...heights) - 1, ...heights];
    let lane = taken.findIndex((heights) => needed.every((height) => !heights.has(height)));
    if (lane === -1) lane = taken.push(new Set()) - 1;
    for (const height of needed) taken[lane]?.add(height);
    for (const block of branch) place(block, lane + 1);
  }
  return [...places.values()];
}

/** Side blocks as branches, each upwards from where it leaves another one; the longest first. */
function branchesOf(sides: readonly TreeBlock[]): readonly (readonly TreeBlock[])[] {
  const left = new Map(sides.map((block) => [block.id, block]));
  const branches: TreeBlock[][] = [];
  for (const tip of sides.toSorted((a, b) => b.height - a.height)) {
    const branch: TreeBlock[] = [];
    for (let block = left.get(tip.id); block !== undefined; block = left.get(block.parent)) {
      left.delete(block.id);
      branch.push(block);
    }
    if (branch.length > 0) branches.push(branch.toReversed());
  }
  return branches.toSorted((a, b) => b.length - a.length);
}
