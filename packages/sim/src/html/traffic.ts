import type { KindTraffic } from '../traffic.ts';
import { escapeHtml, short } from './svg.ts';

/** Bytes and messages by kind, as bars. */
export function trafficBars(kinds: readonly KindTraffic[]): string {
  const most = Math.max(1, ...kinds.map(({ bytes }) => bytes));
  const rows = kinds.map(({ kind, messages, bytes }) => {
    const bar = `<i class="bar" style="width:${short(Math.max(0.3, (100 * bytes) / most))}%"></i>`;
    const said = `${formatBytes(bytes)} in ${formatCount(messages)} messages`;
    return `<div><span>${escapeHtml(kind)}</span><span>${bar}</span><span>${said}</span></div>`;
  });
  return `<div class="bars">${rows.join('\n')}</div>`;
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
