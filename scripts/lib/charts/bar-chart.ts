import { CHART_WIDTH, readable, rect, svg, text } from './svg.ts';

/** One bar. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Calin's own; the others step back. */
  readonly own: boolean;
}

/** Bars that are compared with each other. */
export interface BarGroup {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const LEFT = 268;
const RIGHT = CHART_WIDTH - 92;
const ROW = 26;
const BAR_HEIGHT = 16;
const GROUP_HEAD = 34;

/** Groups of horizontal bars, each group on one scale from zero, the longest first. */
export function barChart(title: string, groups: readonly BarGroup[]): string {
  const shapes = [text(24, 32, title, { style: 'title' })];
  let y = 46;
  for (const group of groups) {
    shapes.push(text(24, y + 16, group.title, { style: 'small muted' }));
    y += GROUP_HEAD;
    const bars = group.bars.toSorted((a, b) => b.value - a.value);
    const scale = (RIGHT - LEFT) / (bars[0]?.value ?? 1);
    for (const { label, value, own } of bars) {
      shapes.push(
        text(24, y + 12.5, label, { style: own ? 'strong' : '' }),
        rect(own ? 'own' : 'peer', LEFT, y, Math.max(2, value * scale), BAR_HEIGHT),
        text(LEFT + value * scale + 8, y + 12.5, readable(value), { style: own ? 'strong' : '' }),
      );
      y += ROW;
    }
  }
  const description = groups.flatMap(({ bars }) =>
    bars.map(({ label, value }) => `${label} ${readable(value)}`),
  );
  return svg(y + 10, `${title}. ${description.join('; ')}`, shapes);
}
