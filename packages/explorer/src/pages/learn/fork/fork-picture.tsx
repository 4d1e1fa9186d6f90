import { layoutFork } from './layout-fork.ts';
import type { ForkBlock } from './two-miners.ts';

/** From block to block, from lane to lane, and the size of a block. */
const [STEP, LANE, SIZE] = [64, 56, 30];
/** Heights that are drawn: as many as can be read on a narrow screen. */
const DRAWN = 5;

/** The blocks of both nodes, the oldest on the left; dashed ones are on nobody's best branch. */
export function ForkPicture({ blocks }: { readonly blocks: readonly ForkBlock[] }) {
  const newest = Math.max(...blocks.map(({ height }) => height));
  const shown = blocks.filter(({ height }) => height > newest - DRAWN);
  const places = layoutFork(shown);
  const columns = DRAWN;
  const lanes = Math.max(2, ...places.map(({ lane }) => lane + 1));
  const byId = new Map(places.map((place) => [place.block.id, place]));
  const [width, height] = [columns * STEP, lanes * LANE + 12];
  const at = ({ column, lane }: { readonly column: number; readonly lane: number }) =>
    [column * STEP + STEP / 2, 12 + lane * LANE + SIZE / 2] as const;
  return (
    <figure aria-label="Tree of blocks">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" className="w-full" style={{ maxWidth: width }}>
        <title>{describe(shown)}</title>
        {places.map((place) => {
          const parent = byId.get(place.block.parent);
          if (parent === undefined) return null;
          const [[x1, y1], [x2, y2]] = [at(parent), at(place)];
          return (
            <path
              key={place.block.id}
              d={`M${x1} ${y1} C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}`}
              fill="none"
              strokeWidth={2}
              className={place.block.bestOf.length > 0 ? 'stroke-accent' : 'stroke-soft'}
            />
          );
        })}
        {places.map((place) => (
          <Block key={place.block.id} block={place.block} centre={at(place)} />
        ))}
      </svg>
      <figcaption className="caption min-h-4">
        {blocks.some(({ bestOf }) => bestOf.length === 0) && 'Dashed blocks were left behind. '}
        {blocks.some(({ payments }) => payments.length > 0) && 'A dot marks a block with a payment.'}
      </figcaption>
    </figure>
  );
}

function Block({
  block,
  centre: [x, y],
}: {
  readonly block: ForkBlock;
  readonly centre: readonly [number, number];
}) {
  const { bestOf, headOf, miner, payments } = block;
  const isBest = bestOf.length > 0;
  return (
    <g>
      <rect
        x={x - SIZE / 2}
        y={y - SIZE / 2}
        width={SIZE}
        height={SIZE}
        rx={8}
        strokeWidth={2}
        strokeDasharray={isBest ? undefined : '4 3'}
        className={isBest ? 'fill-accent-soft stroke-accent' : 'fill-surface stroke-soft'}
      />
      <text x={x} y={y + 4} textAnchor="middle" className="fill-ink font-semibold text-xs">
        {miner}
      </text>
      {payments.length > 0 && <circle cx={x + SIZE / 2} cy={y - SIZE / 2} r={5} className="fill-good" />}
      <text x={x} y={y + SIZE / 2 + 13} textAnchor="middle" className="fill-soft text-[11px]">
        {headOf.length > 0 ? `head of ${headOf.join(', ')}` : ''}
      </text>
    </g>
  );
}

function describe(blocks: readonly ForkBlock[]): string {
  const heads = blocks.filter(({ headOf }) => headOf.length > 0);
  const left = blocks.filter(({ bestOf }) => bestOf.length === 0).length;
  const said = heads.map(({ headOf, height }) => `${headOf.join(' and ')} at block ${height}`);
  return `Heads: ${said.join(', ')}. ${left} blocks are on no best branch.`;
}
