import type { KindTraffic } from '../traffic.ts';
import { label, picture, short } from './svg.ts';

const WIDTH = 1000;
const ROW = 22;
const LEFT = 170;
const BAR_MAX = 480;

/** Bytes and messages by kind, as bars. */
export function trafficPicture(kinds: readonly KindTraffic[]): string {
  const most = Math.max(1, ...kinds.map(({ bytes }) => bytes));
  const parts = kinds.flatMap(({ kind, messages, bytes }, row) => {
    const y = 8 + row * ROW;
    const width = Math.max(1, (bytes / most) * BAR_MAX);
    return [
      label(LEFT - 8, y + 12, kind, 'end'),
      `<rect class="bar" x="${LEFT}" y="${y}" width="${short(width)}" height="15"/>`,
      label(LEFT + width + 8, y + 12, `${formatBytes(bytes)} in ${formatCount(messages)} messages`),
    ];
  });
  return picture(WIDTH, 16 + ROW * kinds.length, 'Bytes by kind of message', parts);
}

/** Bytes for a person. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 2 : 1)} ${units[unit]}`;
}

/** A count with a space between thousands. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}
