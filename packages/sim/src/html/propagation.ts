import { percentile, type SeenBlock } from '../measures.ts';
import { label, line, path, picture, ticks } from './svg.ts';

const WIDTH = 1000;
const HEIGHT = 300;
const LEFT = 45;
const RIGHT = 20;
const BOTTOM = 30;

/** Thin lines: so many blocks, evenly chosen. */
const CURVES_MAX = 60;

/** Points of one curve. */
const STEPS = 50;

/** How blocks spread: the share of the nodes that have a block over the time since it was made. */
export function propagationPicture(blocks: readonly SeenBlock[], nodes: number): string {
  const spread = blocks.filter(({ delaysUs }) => delaysUs.length >= (nodes - 1) / 2);
  const lasts = spread.map(({ delaysUs }) => reached(delaysUs, nodes, 99)).toSorted((a, b) => a - b);
  const maxUs = Math.max(1, 1.2 * percentile(lasts, 90));
  const x = (us: number) => LEFT + (Math.min(us, maxUs) / maxUs) * (WIDTH - LEFT - RIGHT);
  const y = (percent: number) => HEIGHT - BOTTOM - (percent / 100) * (HEIGHT - BOTTOM - 10);
  const parts: string[] = [];
  for (const percent of [0, 25, 50, 75, 100]) {
    parts.push(line(LEFT, y(percent), WIDTH - RIGHT, y(percent), 'grid'));
    parts.push(label(LEFT - 5, y(percent) + 4, `${percent} %`, 'end'));
  }
  for (const tick of ticks(maxUs / 1000, 8)) {
    parts.push(line(x(tick * 1000), 10, x(tick * 1000), HEIGHT - BOTTOM, 'grid'));
    parts.push(label(x(tick * 1000), HEIGHT - 10, `${tick} ms`, 'middle'));
  }
  const every = Math.max(1, Math.floor(spread.length / CURVES_MAX));
  spread.forEach(({ delaysUs }, i) => {
    if (i % every === 0) parts.push(path(curve(delaysUs, nodes, x, y), 'thin'));
  });
  const median = Array.from({ length: STEPS + 1 }, (_, step): [number, number] => {
    const percent = (100 * step) / STEPS;
    const times = spread.map(({ delaysUs }) => reached(delaysUs, nodes, percent)).toSorted((a, b) => a - b);
    return [x(percentile(times, 50)), y(percent)];
  });
  if (spread.length > 0) parts.push(path(median, 'bold'));
  return picture(WIDTH, HEIGHT, 'Propagation of blocks', parts);
}

function curve(
  delaysUs: readonly number[],
  nodes: number,
  x: (us: number) => number,
  y: (percent: number) => number,
): [number, number][] {
  return Array.from({ length: STEPS + 1 }, (_, step): [number, number] => {
    const percent = (100 * step) / STEPS;
    return [x(reached(delaysUs, nodes, percent)), y(percent)];
  });
}

/** When so many percent of the nodes had a block; delays are in the order of arrival, the maker has it at once. */
function reached(delaysUs: readonly number[], nodes: number, percent: number): number {
  const needed = Math.ceil((percent / 100) * nodes) - 1;
  return needed <= 0 ? 0 : (delaysUs[needed - 1] ?? delaysUs.at(-1) ?? 0);
}
