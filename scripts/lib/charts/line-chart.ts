import { CHART_WIDTH, line, number, readable, svg, text } from './svg.ts';

/** A row of values, drawn from left to right. */
export interface LineSeries {
  readonly label: string;
  readonly values: readonly number[];
}

const LEFT = 72;
const RIGHT = CHART_WIDTH - 40;
const TOP = 64;
const BOTTOM = 276;
const HEIGHT = 320;

/** One line over a scale from zero, so that a slope looks as steep as it is. */
export function lineChart(title: string, { label, values }: LineSeries, xLabel: string): string {
  const step = niceStep(Math.max(...values) / 4);
  const top = Math.ceil((Math.max(...values) * 1.05) / step) * step;
  const x = (i: number) => LEFT + (i * (RIGHT - LEFT)) / Math.max(1, values.length - 1);
  const y = (value: number) => BOTTOM - (value / top) * (BOTTOM - TOP);
  const shapes = [text(24, 32, title, { style: 'title' }), text(24, 51, label, { style: 'small muted' })];
  for (let value = 0; value <= top; value += step) {
    shapes.push(line('grid', LEFT, y(value), RIGHT, y(value)));
    shapes.push(text(LEFT - 10, y(value) + 4, readable(value), { style: 'small muted', anchor: 'end' }));
  }
  const points = values.map((value, i) => `${number(x(i))},${number(y(value))}`);
  shapes.push(`<polyline class="own-line" points="${points.join(' ')}"/>`);
  for (const [i, value] of values.entries()) {
    shapes.push(`<circle class="own" cx="${number(x(i))}" cy="${number(y(value))}" r="3.5"/>`);
    shapes.push(text(x(i), BOTTOM + 20, String(i + 1), { style: 'small muted', anchor: 'middle' }));
  }
  shapes.push(text((LEFT + RIGHT) / 2, BOTTOM + 38, xLabel, { style: 'small muted', anchor: 'middle' }));
  return svg(HEIGHT, `${title}. ${values.map(readable).join(', ')}`, shapes);
}

/** The next larger of 1, 2, 5 times a power of ten. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}
