import type { HeightsAt } from '@calin/sim/live/live-run.ts';
import { Panel } from '../../ui/panel.tsx';

const [WIDTH, HEIGHT] = [600, 150];

const LINES = [
  ['highest', 'highest head', 'stroke-accent', 'bg-accent', undefined],
  ['lowest', 'lowest head', 'stroke-warn', 'bg-warn', '5 3'],
  ['final', 'final', 'stroke-good', 'bg-good', undefined],
] as const;

/** How high the chain was over the time of the run: where lines part, nodes have lost each other. */
export function HeightsPicture({
  heights,
  durationS,
}: {
  readonly heights: readonly HeightsAt[];
  readonly durationS: number;
}) {
  const last = heights.at(-1);
  const top = Math.max(4, ...heights.map(({ highest }) => highest));
  const pathOf = (name: (typeof LINES)[number][0]) =>
    heights
      .map(
        (at) =>
          `${((at.atS / durationS) * WIDTH).toFixed(1)},${(HEIGHT - (at[name] / top) * HEIGHT).toFixed(1)}`,
      )
      .join(' ');
  return (
    <Panel
      title="Heights"
      aside={last === undefined ? undefined : `${last.highest}, lowest ${last.lowest}, final ${last.final}`}
    >
      <svg
        role="img"
        viewBox={`-4 -6 ${WIDTH + 8} ${HEIGHT + 12}`}
        preserveAspectRatio="none"
        className="h-40 w-full"
      >
        <title>{`Heights over ${durationS} seconds, up to ${top}`}</title>
        <path
          d={`M0 0V${HEIGHT}H${WIDTH}`}
          fill="none"
          vectorEffect="non-scaling-stroke"
          className="stroke-line"
        />
        {LINES.map(([name, , stroke, , dashes]) => (
          <polyline
            key={name}
            points={pathOf(name)}
            fill="none"
            strokeWidth={2}
            strokeDasharray={dashes}
            vectorEffect="non-scaling-stroke"
            className={stroke}
          />
        ))}
      </svg>
      <p className="caption mt-2 flex flex-wrap gap-x-4">
        {LINES.map(([key, name, , background]) => (
          <span key={key} className="flex items-center gap-1.5">
            <span className={`h-0.5 w-4 ${background}`} />
            {name}
          </span>
        ))}
      </p>
    </Panel>
  );
}
