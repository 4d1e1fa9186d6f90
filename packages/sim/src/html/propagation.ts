import { percentile, type SeenBlock } from '../measures.ts';
import { formatMs, label, line, path, picture } from './svg.ts';

const WIDTH = 1000;
const HEIGHT = 300;
const LEFT = 45;
const RIGHT = 20;
const BOTTOM = 30;

/** Thin lines: so many blocks, evenly chosen. */
const CURVES_MAX = 60;

/** Points of one curve. */
const STEPS = 50;

/** Where the axis of time begins; whatever is faster stands there. */
const FIRST_US = 10_000;

/** Decades of time that are drawn at most: from ten milliseconds to a quarter of an hour. */
const DECADES_MAX = 5;

/** How blocks spread: the share of the nodes that have a block over the time since it was made. */
export function propagationPicture(blocks: readonly SeenBlock[], nodes: number): string {
  const spread = blocks.filter(({ delaysUs }) => delaysUs.length >= (nodes - 1) / 2);
  const lasts = spread.map(({ delaysUs }) => reached(delaysUs, nodes, 99)).toSorted((a, b) => a - b);
  const decades = decadesFor(percentile(lasts, 95));
  const x = (us: number) => LEFT + (decade(us) / decades) * (WIDTH - LEFT - RIGHT);
  const y = (percent: number) => HEIGHT - BOTTOM - (percent / 100) * (HEIGHT - BOTTOM - 10);
  const parts: string[] = [];
  for (const percent of [0, 25, 50, 75, 100]) {
    parts.push(line(LEFT, y(percent), WIDTH - RIGHT, y(percent), 'grid'));
    parts.push(label(LEFT - 5, y(percent) + 4, `${percent} %`, 'end'));
  }
  for (let us = FIRST_US, at = 0; at <= decades; at++, us *= 10) {
    for (const part of at === decades ? [1] : [1, 2, 5]) {
      parts.push(line(x(us * part), 10, x(us * part), HEIGHT - BOTTOM, 'grid'));
      parts.push(label(x(us * part), HEIGHT - 10, formatMs((us * part) / 1000), 'middle'));
    }
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
  const words = 'Share of the nodes that have a block: each thin line is one, the bold line the median.';
  return `<p class="note">${words}</p>${picture(WIDTH, HEIGHT, 'Propagation of blocks', parts)}`;
}

/** How many decades an axis needs to show a time. */
function decadesFor(us: number): number {
  let decades = 1;
  while (decades < DECADES_MAX && FIRST_US * 10 ** decades < us) decades++;
  return decades;
}

/** Marks within a decade, and their logarithms to the base of ten. */
const MARKS = [1, 2, 5, 10] as const;
const PLACES = [0, 0.301, 0.699, 1] as const;

/**
 * Where a time stands on the axis, in decades: straight from one mark to the next, for no two engines round a logarithm
 * alike.
 */
function decade(us: number): number {
  let [unit, at] = [FIRST_US, 0];
  for (; us > unit * 10 && at < DECADES_MAX; at++) unit *= 10;
  const value = Math.min(10, Math.max(1, us / unit));
  const i = value <= MARKS[1] ? 0 : value <= MARKS[2] ? 1 : 2;
  const [low, high] = [MARKS[i] ?? 1, MARKS[i + 1] ?? 10];
  const [from, to] = [PLACES[i] ?? 0, PLACES[i + 1] ?? 1];
  return at + from + ((value - low) / (high - low)) * (to - from);
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
