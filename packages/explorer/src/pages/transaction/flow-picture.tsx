import { FlowCoin } from './flow-coin.tsx';
import type { Flow, FlowRow } from './layout-flow.ts';

/** Pixels from one row to the next, and across the streams. */
const [ROW, WIDTH] = [64, 160];

/** The coins that a transaction spends on the left, those that it makes on the right, and streams between them. */
export function FlowPicture({ flow }: { readonly flow: Flow }) {
  const rows = Math.max(flow.from.length, flow.to.length);
  const height = rows * ROW;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_clamp(1.5rem,12vw,10rem)_minmax(0,1fr)] items-center">
      <Side rows={flow.from} label="Comes from" />
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        preserveAspectRatio="none"
        aria-hidden
        className="w-full"
        style={{ height: `${height}px` }}
      >
        <g className="opacity-55">
          <Streams rows={flow.from} height={height} side="from" />
          <Streams rows={flow.to} height={height} side="to" />
        </g>
      </svg>
      <Side rows={flow.to} label="Goes to" />
    </div>
  );
}

function Side({ rows, label }: { readonly rows: readonly FlowRow[]; readonly label: string }) {
  return (
    <ul aria-label={label}>
      {rows.map((row) => (
        <li key={row.key} className="flex flex-col justify-center" style={{ height: `${ROW}px` }}>
          <FlowCoin row={row} />
        </li>
      ))}
    </ul>
  );
}

const STREAM_STYLES: Readonly<Record<FlowRow['kind'], string>> = {
  coin: 'stroke-accent',
  rest: 'stroke-accent',
  unknown: 'stroke-line',
  created: 'stroke-good',
  burned: 'stroke-warn',
  tip: 'stroke-good',
};

/** Streams of one side to the middle, where they lie upon each other as the coins do. */
function Streams({
  rows,
  height,
  side,
}: {
  readonly rows: readonly FlowRow[];
  readonly height: number;
  readonly side: 'from' | 'to';
}) {
  const together = rows.reduce((sum, { thickness }) => sum + thickness, 0);
  const top = (height - rows.length * ROW) / 2;
  let within = (height - together) / 2;
  return rows.map(({ key, kind, thickness }, i) => {
    const outer = top + (i + 0.5) * ROW;
    const inner = within + thickness / 2;
    within += thickness;
    const [x1, x2] = side === 'from' ? [0, WIDTH / 2] : [WIDTH, WIDTH / 2];
    const bend = (x1 + x2) / 2;
    return (
      <path
        key={key}
        d={`M${x1} ${outer} C${bend} ${outer} ${bend} ${inner} ${x2} ${inner}`}
        fill="none"
        strokeWidth={thickness}
        className={STREAM_STYLES[kind]}
      />
    );
  });
}
