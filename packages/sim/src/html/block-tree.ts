import type { SeenBlock } from '../measures.ts';
import { escapeHtml, label, legend, line, picture, short, ticks } from './svg.ts';

const WIDTH = 1000;
const LANE = 18;
const LEFT = 40;
const RIGHT = 20;

/** Blocks in one picture; of longer runs the last ones. */
const BLOCKS_MAX = 600;

/** Lanes for branches beside each other; more are drawn over each other. */
const LANES_MAX = 12;

interface Placed {
  readonly block: SeenBlock;
  readonly lane: number;
}

/** The tree of blocks over time: one lane for the best branch, others for what was made beside it. */
export function blockTreePicture(blocks: readonly SeenBlock[], best: ReadonlySet<string>): string {
  const shown = blocks.slice(-BLOCKS_MAX);
  const placed = place(shown, best);
  const startUs = shown[0]?.madeUs ?? 0;
  const endUs = Math.max(startUs + 1, shown.at(-1)?.madeUs ?? 0);
  const x = (us: number) => LEFT + ((us - startUs) / (endUs - startUs)) * (WIDTH - LEFT - RIGHT);
  const lanes = 1 + [...placed.values()].reduce((most, { lane }) => Math.max(most, lane), 0);
  const y = (lane: number) => 20 + lane * LANE;
  const height = y(lanes) + 20;
  const parts: string[] = [];
  for (const seconds of roundSeconds(startUs, endUs)) {
    const at = x(seconds * 1e6);
    parts.push(line(at, 10, at, height - 20, 'grid'));
    parts.push(label(at, height - 5, `${seconds} s`, 'middle'));
  }
  for (const { block, lane } of placed.values()) {
    const parent = placed.get(block.parent);
    if (parent === undefined) continue;
    parts.push(line(x(parent.block.madeUs), y(parent.lane), x(block.madeUs), y(lane), 'edge'));
  }
  for (const { block, lane } of placed.values()) {
    const name = best.has(block.id) ? 'best' : 'stale';
    const title = `${block.height} ${block.id.slice(0, 16)} by ${block.maker}`;
    const dot = `<circle class="${name}" cx="${short(x(block.madeUs))}" cy="${short(y(lane))}" r="3">`;
    parts.push(`${dot}<title>${escapeHtml(title)}</title></circle>`);
  }
  const meaning = legend([
    ['best', 'on the best branch at the end'],
    ['stale', 'left behind'],
  ]);
  const left = blocks.length - shown.length;
  const note = left === 0 ? '' : `<p>The last ${shown.length} blocks; ${left} before them are not drawn.</p>`;
  return `${meaning}${note}${picture(WIDTH, height, 'Blocks over time', parts)}`;
}

/** Round moments between two, in seconds since the beginning of the run. */
function roundSeconds(startUs: number, endUs: number): readonly number[] {
  const step = ticks((endUs - startUs) / 1e6, 8)[1] ?? 1;
  const first = Math.ceil(startUs / 1e6 / step) * step;
  const all: number[] = [];
  for (let seconds = first; seconds * 1e6 <= endUs; seconds += step)
    all.push(Math.round(seconds * 1000) / 1000);
  return all;
}

function place(blocks: readonly SeenBlock[], best: ReadonlySet<string>): ReadonlyMap<string, Placed> {
  const placed = new Map<string, Placed>();
  const used = new Map<number, number>();
  for (const block of blocks) {
    const parent = placed.get(block.parent);
    const goesOn = parent !== undefined && parent.lane > 0 && used.get(parent.lane) === parent.block.height;
    const lane = best.has(block.id) ? 0 : goesOn ? parent.lane : freeLane(used, block.height);
    used.set(lane, block.height);
    placed.set(block.id, { block, lane });
  }
  return placed;
}

function freeLane(used: ReadonlyMap<number, number>, height: number): number {
  for (let lane = 1; lane < LANES_MAX; lane++) if ((used.get(lane) ?? -1) < height - 2) return lane;
  return LANES_MAX;
}
