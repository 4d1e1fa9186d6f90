import type { Comparison } from '../compare/comparison.ts';
import { label, legend, line, path, picture, short, ticks } from './svg.ts';

const WIDTH = 1000;
const HEIGHT = 360;
const LEFT = 50;
const RIGHT = 20;
const TOP = 15;
const BOTTOM = 30;

/** Final heights over time, a line for each consensus; the spans of the faults are grey. */
export function finalityPicture({
  runs,
  durationS,
  faults,
}: Pick<Comparison, 'runs' | 'durationS' | 'faults'>): string {
  const most = Math.max(1, ...runs.map(({ finalHeights }) => finalHeights.at(-1)?.[1] ?? 0));
  const x = (seconds: number) => LEFT + (seconds / durationS) * (WIDTH - LEFT - RIGHT);
  const y = (height: number) => HEIGHT - BOTTOM - (height / most) * (HEIGHT - TOP - BOTTOM);
  const parts: string[] = [];
  for (const fault of faults.faults) {
    if (!('toS' in fault)) continue;
    const to = Math.min(durationS, fault.toS);
    if (to <= fault.fromS) continue;
    const at = `x="${short(x(fault.fromS))}" y="${TOP}" width="${short(x(to) - x(fault.fromS))}"`;
    parts.push(
      `<rect class="fault" ${at} height="${HEIGHT - TOP - BOTTOM}"><title>${fault.kind}</title></rect>`,
    );
  }
  for (const seconds of ticks(durationS, 8)) {
    parts.push(line(x(seconds), TOP, x(seconds), HEIGHT - BOTTOM, 'grid'));
    parts.push(label(x(seconds), HEIGHT - 10, `${seconds} s`, 'middle'));
  }
  for (const height of ticks(most, 5)) {
    parts.push(line(LEFT, y(height), WIDTH - RIGHT, y(height), 'grid'));
    parts.push(label(LEFT - 8, y(height) + 4, String(height), 'end'));
  }
  runs.forEach(({ finalHeights }, i) => {
    parts.push(
      path(
        steps(finalHeights, durationS).map(([s, h]) => [x(s), y(h)]),
        `run${i}`,
      ),
    );
  });
  const meaning = legend(runs.map(({ consensus }, i) => [`run${i}`, consensus]));
  const note = '<p class="note">Highest block that is final on half of the nodes.</p>';
  return `${note}${meaning}${picture(WIDTH, HEIGHT, 'Final heights over time', parts)}`;
}

/** A height stays until the next one. */
function steps(
  points: readonly (readonly [number, number])[],
  durationS: number,
): readonly (readonly [number, number])[] {
  const all: (readonly [number, number])[] = [[0, 0]];
  let highest = 0;
  for (const [seconds, height] of points) {
    if (height <= highest) continue;
    all.push([seconds, highest], [seconds, height]);
    highest = height;
  }
  return [...all, [durationS, highest]];
}
