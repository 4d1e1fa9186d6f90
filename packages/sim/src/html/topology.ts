import type { MachineSight } from '../part-summary.ts';
import { escapeHtml, label, legend, line, picture, short } from './svg.ts';

const WIDTH = 1000;
const HEIGHT = 700;

/** Connections that are drawn; of more every so many is. */
const EDGES_MAX = 6_000;

/** Six places around a centre, by fixed numbers: no two engines round a sine alike. */
const PLACES: readonly (readonly [number, number])[] = [
  [0.28, 0.28],
  [0.14, 0.62],
  [0.55, 0.18],
  [0.38, 0.8],
  [0.83, 0.36],
  [0.76, 0.78],
];

/** The turn from one node to the next, as the seeds of a sunflower have it: cosine and sine of 137.508 degrees. */
const TURN = [-0.737_368_878, 0.675_490_294] as const;

/** Machines by region, with the connections between them at the end of the run. */
export function topologyPicture(machines: readonly MachineSight[], regionNames: readonly string[]): string {
  const at = placeMachines(machines);
  const edges = machines.flatMap(({ name, peers }) =>
    peers.flatMap((link) => {
      const peer = at.get(link.name);
      const own = at.get(name);
      return peer === undefined || own === undefined || name > link.name ? [] : [[own, peer] as const];
    }),
  );
  const every = Math.max(1, Math.ceil(edges.length / EDGES_MAX));
  const parts = edges
    .filter((_, i) => i % every === 0)
    .map(([[x1, y1], [x2, y2]]) => line(x1, y1, x2, y2, 'link'));
  for (const { name, isHonest, end, peers } of machines) {
    const [x, y] = at.get(name) as readonly [number, number];
    const kind = !isHonest ? 'stale' : end === undefined ? 'off' : 'best';
    const dot = `<circle class="${kind}" cx="${short(x)}" cy="${short(y)}" r="${machines.length > 200 ? 2 : 5}">`;
    parts.push(`${dot}<title>${escapeHtml(`${name}: ${peers.length} peers`)}</title></circle>`);
  }
  regionNames.forEach((name, region) => {
    const places = machines.flatMap((one) => (one.region === region ? (at.get(one.name) ?? []) : []));
    if (places.length > 0) parts.push(label(...above(places), name, 'middle'));
  });
  const hasStrangers = machines.some(({ isHonest }) => !isHonest);
  const hasDown = machines.some(({ end }) => end === undefined);
  const meaning = legend([
    ['best', 'machine'],
    ...(hasDown ? [['off', 'switched off'] as const] : []),
    ...(hasStrangers ? [['stale', 'meant to break the rules'] as const] : []),
  ]);
  return `${meaning}${picture(WIDTH, HEIGHT, 'Topology', parts)}`;
}

/** A place for a name above all of some nodes, whose coordinates come one after the other. */
function above(places: readonly number[]): readonly [number, number] {
  const [xs, ys] = [0, 1].map((odd) => places.filter((_, i) => i % 2 === odd)) as [number[], number[]];
  return [(Math.min(...xs) + Math.max(...xs)) / 2, Math.min(...ys) - 14];
}

function centre(region: number): readonly [number, number] {
  const [x, y] = PLACES[region % PLACES.length] as readonly [number, number];
  return [x * WIDTH, y * HEIGHT];
}

function placeMachines(nodes: readonly MachineSight[]): ReadonlyMap<string, readonly [number, number]> {
  const at = new Map<string, readonly [number, number]>();
  const counts = new Map<number, number>();
  const turns = new Map<number, readonly [number, number]>();
  const share = Math.max(1, nodes.length / 3);
  for (const { name, region } of nodes) {
    const count = counts.get(region) ?? 0;
    counts.set(region, count + 1);
    const [c, s] = turns.get(region) ?? [1, 0];
    turns.set(region, [c * TURN[0] - s * TURN[1], s * TURN[0] + c * TURN[1]]);
    const [x, y] = centre(region);
    const radius = 90 * Math.min(1.4, squareRoot((count + 0.5) / share));
    at.set(name, [x + radius * c, y + radius * s]);
  }
  return at;
}

/** By Newton's method: enough for a picture. */
function squareRoot(value: number): number {
  let root = Math.max(value, 0.01);
  for (let i = 0; i < 12; i++) root = (root + value / root) / 2;
  return root;
}
