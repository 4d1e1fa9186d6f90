import { CHART_WIDTH, line, number, rect, svg, text } from './svg.ts';

/** Heights over time: points of seconds and height, ascending. */
export interface HeightSeries {
  readonly label: string;
  /** A class of the chart's style. */
  readonly style: 'own-line' | 'bar';
  readonly points: readonly (readonly [seconds: number, height: number])[];
}

/** What is drawn around the lines. */
export interface HeightChart {
  readonly title: string;
  readonly durationS: number;
  readonly series: readonly HeightSeries[];
  /** Spans in which something was wrong. */
  readonly spans: readonly { readonly fromS: number; readonly toS: number; readonly label: string }[];
}

const LEFT = 56;
const RIGHT = CHART_WIDTH - 24;
const TOP = 78;
const BOTTOM = 276;
const HEIGHT = 310;
const TICK_S = 100;

/** Heights as steps over time, with a grey field for each span and its name on top of it. */
export function heightChart({ title, durationS, series, spans }: HeightChart): string {
  const most = Math.max(1, ...series.map(({ points }) => points.at(-1)?.[1] ?? 0));
  const step = most > 100 ? 50 : most > 40 ? 20 : 10;
  const x = (seconds: number) => LEFT + (seconds / durationS) * (RIGHT - LEFT);
  const y = (height: number) => BOTTOM - (height / most) * (BOTTOM - TOP);
  const shapes = [text(24, 30, title, { style: 'title' })];
  for (const { fromS, toS, label } of spans) {
    shapes.push(rect('track', x(fromS), TOP, x(toS) - x(fromS), BOTTOM - TOP));
    shapes.push(text(x(fromS) + 4, TOP - 6, label, { style: 'small muted' }));
  }
  for (let height = 0; height <= most; height += step) {
    shapes.push(line('grid', LEFT, y(height), RIGHT, y(height)));
    shapes.push(text(LEFT - 8, y(height) + 4, String(height), { style: 'small muted', anchor: 'end' }));
  }
  for (let seconds = 0; seconds <= durationS; seconds += TICK_S) {
    shapes.push(text(x(seconds), BOTTOM + 20, `${seconds} s`, { style: 'small muted', anchor: 'middle' }));
  }
  let labelled = 24;
  for (const { label, style, points } of series) {
    const drawn = steps(points, durationS).map(([at, height]) => `${number(x(at))},${number(y(height))}`);
    shapes.push(`<polyline class="${style}" fill="none" points="${drawn.join(' ')}"/>`);
    shapes.push(line(style, labelled, 48, labelled + 22, 48));
    shapes.push(text(labelled + 28, 52, label, { style: 'small' }));
    labelled += 230;
  }
  const ends = series.map(({ label, points }) => `${label}: ${points.at(-1)?.[1] ?? 0}`);
  return svg(HEIGHT, `${title}. After ${durationS} s ${ends.join(', ')}`, shapes);
}

/** A height stays until the next one. */
function steps(points: HeightSeries['points'], durationS: number): HeightSeries['points'] {
  const all: (readonly [number, number])[] = [[0, 0]];
  let highest = 0;
  for (const [seconds, height] of points) {
    if (height <= highest) continue;
    all.push([seconds, highest], [seconds, height]);
    highest = height;
  }
  return [...all, [durationS, highest]];
}
