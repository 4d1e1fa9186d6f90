import { CHART_WIDTH, readable, rect, svg, text } from './svg.ts';

/** A whole with what it is made of. */
export interface Parts {
  readonly label: string;
  readonly parts: readonly { readonly name: string; readonly value: number }[];
}

const LEFT = 24;
const RIGHT = CHART_WIDTH - 100;
const BAR_HEIGHT = 22;
const ROW = 84;
const COLOURS = 5;

/** Bars made of parts, all on one scale from zero; the parts are named below each bar. */
export function partChart(title: string, unit: string, rows: readonly Parts[]): string {
  const totals = rows.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0));
  const scale = (RIGHT - LEFT) / Math.max(...totals, 1e-9);
  const shapes = [text(24, 32, title, { style: 'title' })];
  for (const [i, { label, parts }] of rows.entries()) {
    const y = 50 + i * ROW;
    shapes.push(text(LEFT, y + 10, label, { style: 'small muted' }));
    let x = LEFT;
    let nameX = LEFT;
    for (const [n, { name, value }] of parts.entries()) {
      // What is not there keeps its colour: the rows are compared with each other.
      if (value === 0) continue;
      const style = `part-${Math.min(n + 1, COLOURS)}`;
      shapes.push(rect(style, x, y + 18, Math.max(1, value * scale - 1), BAR_HEIGHT, 2));
      const named = `${name} ${readable(value)}`;
      shapes.push(rect(style, nameX, y + 50, 9, 9, 2), text(nameX + 14, y + 58.5, named, { style: 'small' }));
      x += value * scale;
      nameX += 32 + named.length * 6.3;
    }
    const total = `${readable(totals[i] as number)} ${unit}`;
    shapes.push(text(x + 8, y + 34, total, { style: 'strong' }));
  }
  const description = rows.map(({ label }, i) => `${label}: ${readable(totals[i] as number)} ${unit}`);
  return svg(50 + rows.length * ROW, `${title}. ${description.join('; ')}`, shapes);
}
