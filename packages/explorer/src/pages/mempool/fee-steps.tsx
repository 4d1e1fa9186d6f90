import type { MempoolJson } from '../../node/shapes.ts';
import { layoutSteps } from './layout-steps.ts';

const [WIDTH, HEIGHT] = [1000, 120];

/** What waits as steps: as wide as its gas, as high as what it pays for it. Lines show where blocks end. */
export function FeeSteps({
  entries,
  blockGasMax,
}: {
  readonly entries: MempoolJson['entries'];
  readonly blockGasMax: number;
}) {
  const { steps, blockEnds } = layoutSteps(entries, blockGasMax, { width: WIDTH, height: HEIGHT });
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${entries.length} transactions by what they pay for gas`}
      className="h-28 w-full"
    >
      {steps.map(({ txid, x, width, height }) => (
        <rect key={txid} x={x} y={HEIGHT - height} width={width} height={height} className="fill-accent" />
      ))}
      {blockEnds.map((x) => (
        <line
          key={x}
          x1={x}
          x2={x}
          y1={0}
          y2={HEIGHT}
          className="stroke-ink"
          strokeDasharray="4 4"
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}
