/** A point of the picture, whose middle is 0, 0. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where nodes stand, and the names of regions. */
export interface NodesLayout {
  /** By the index of the node. */
  readonly nodes: readonly Point[];
  readonly regions: readonly (Point & { readonly region: number })[];
}

/** Distances from the middle: of nodes and, inside of them, of the names of regions. */
const [RING, NAMES] = [158, 128];

/** Between two regions there is as much room as for so many nodes. */
const GAP = 0.9;

/** Puts nodes on a ring, those of one region beside each other. @param regionOf - of each node */
export function layoutNodes(regionOf: readonly number[]): NodesLayout {
  const regions = [...new Set(regionOf)].toSorted((a, b) => a - b);
  const step = (2 * Math.PI) / (regionOf.length + GAP * regions.length);
  const nodes: Point[] = regionOf.map(() => ({ x: 0, y: 0 }));
  const names: NodesLayout['regions'][number][] = [];
  let angle = -Math.PI / 2;
  for (const region of regions) {
    const from = angle;
    regionOf.forEach((other, i) => {
      if (other !== region) return;
      nodes[i] = onCircle(RING, angle);
      angle += step;
    });
    names.push({ region, ...onCircle(NAMES, (from + angle - step) / 2) });
    angle += GAP * step;
  }
  return { nodes, regions: names };
}

function onCircle(radius: number, angle: number): Point {
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
}

/** From a point on the ring so far away from the middle. */
export function outwards({ x, y }: Point, distance: number): Point {
  const from = Math.hypot(x, y);
  return from === 0 ? { x: 0, y: -distance } : { x: (x / from) * distance, y: (y / from) * distance };
}

/**
 * The nodes on the smaller side of a line through two points, as long as the picture; of two equal sides the one
 * without the first node. Nobody when the line leaves all on one side.
 */
export function cutBy(a: Point, b: Point, nodes: readonly Point[]): readonly number[] {
  const sides: [number[], number[]] = [[], []];
  nodes.forEach(({ x, y }, i) => {
    const isLeft = (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x) > 0;
    sides[isLeft ? 0 : 1].push(i);
  });
  const [left, right] = sides;
  if (left.length === right.length) return left[0] === 0 ? right : left;
  return left.length < right.length ? left : right;
}

/** Where a message is on its way, from 0 to 1; one that is lost comes no further than the middle. */
export function progressOf(
  {
    sentUs,
    arrivesUs,
    isLost,
  }: { readonly sentUs: number; readonly arrivesUs: number; readonly isLost: boolean },
  nowUs: number,
): number {
  const share = Math.min(1, Math.max(0, (nowUs - sentUs) / Math.max(1, arrivesUs - sentUs)));
  return isLost ? Math.min(0.5, share) : share;
}
