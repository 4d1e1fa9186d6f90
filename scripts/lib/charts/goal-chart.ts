import { CHART_WIDTH, line, readable, rect, svg, text } from './svg.ts';

/** One thing that was measured, with what it shall reach. */
export interface Goal {
  readonly label: string;
  readonly detail: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: number;
  readonly aim: number;
  /** Whether a larger value is the better one. */
  readonly more: boolean;
}

const LEFT = 268;
const RIGHT = CHART_WIDTH - 104;
const TOP = 74;
const ROW = 44;
const BAR_HEIGHT = 16;

/** True when a goal's bar is reached. */
function reaches({ value, bar, more }: Pick<Goal, 'value' | 'bar' | 'more'>): boolean {
  return more ? value >= bar : value <= bar;
}

/** Each goal on its own scale: the value as a bar, a full mark where it must be, a dotted one where it shall be. */
export function goalChart(title: string, goals: readonly Goal[]): string {
  const height = TOP + goals.length * ROW + 12;
  const shapes = [text(24, 32, title, { style: 'title' }), ...legend(), ...goals.flatMap(row)];
  const description = goals.map(
    ({ label, value, unit, bar }) => `${label}: ${readable(value)}${unit}, bar ${bar}`,
  );
  return svg(height, `${title}. ${description.join('; ')}`, shapes);
}

function legend(): readonly string[] {
  const y = 54;
  return [
    line('bar', LEFT + 1, y - 10, LEFT + 1, y + 2),
    text(LEFT + 9, y, 'must be reached', { style: 'small muted' }),
    line('aim', LEFT + 131, y - 10, LEFT + 131, y + 2),
    text(LEFT + 139, y, 'aimed at', { style: 'small muted' }),
    rect('short', LEFT + 221, y - 9, 10, 10),
    text(LEFT + 237, y, 'not there yet', { style: 'small muted' }),
  ];
}

function row(goal: Goal, index: number): readonly string[] {
  const { label, detail, value, unit, bar, aim, more } = goal;
  const y = TOP + index * ROW;
  const scale = (RIGHT - LEFT) / (Math.max(value, bar, aim) * 1.08);
  const mark = (style: string, at: number) =>
    line(style, LEFT + at * scale, y - 3, LEFT + at * scale, y + BAR_HEIGHT + 3);
  const style = reaches(goal) ? 'own' : 'short';
  return [
    text(24, y + 8, label),
    text(24, y + 23, `${detail} · ${more ? 'at least' : 'at most'} ${readable(bar)}${unit}`, {
      style: 'small muted',
    }),
    rect('track', LEFT, y, RIGHT - LEFT, BAR_HEIGHT),
    rect(style, LEFT, y, Math.max(2, value * scale), BAR_HEIGHT),
    mark('bar', bar),
    mark('aim', aim),
    text(RIGHT + 12, y + 13, `${readable(value)}${unit}`, { style: 'strong' }),
  ];
}
