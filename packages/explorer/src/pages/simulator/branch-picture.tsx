import type { BlockSight } from '@calin/sim/live/live-frame.ts';
import { Panel } from '../../ui/panel.tsx';
import { shorten } from '../../words/shorten.ts';
import { layoutTree, type TreePlace } from '../forks/layout-tree.ts';

/** Pixels from block to block along the chain and from lane to lane, and the size of a block. */
const [STEP, LANE, SIZE] = [52, 48, 28];
const TOP = 20;

/** The blocks of a run as a tree, the newest on the left; in each stands how many nodes have it as their head. */
export function BranchPicture({ blocks }: { readonly blocks: readonly BlockSight[] }) {
  const places = layoutTree(
    blocks.filter(({ isOnBest }) => isOnBest),
    blocks.filter(({ isOnBest }) => !isOnBest),
  );
  const columns = Math.max(0, ...places.map(({ column }) => column)) + 1;
  const lanes = Math.max(0, ...places.map(({ lane }) => lane)) + 1;
  const byId = new Map(places.map((place) => [place.id, place]));
  const [width, height] = [columns * STEP, lanes * LANE + TOP];
  const left = blocks.filter(({ isOnBest }) => !isOnBest).length;
  return (
    <Panel title="Tree of blocks" aside="newest on the left; in each the number of nodes that stand there">
      <div className="min-h-17 overflow-hidden">
        <svg role="img" width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
          <title>{`${blocks.length} blocks, ${left} of them on other branches than the best one`}</title>
          {places.map((place) => (
            <Edge key={place.id} from={place} to={byId.get(place.parent)} />
          ))}
          {blocks.map((block) => (
            <Block key={block.id} block={block} place={byId.get(block.id)} />
          ))}
        </svg>
      </div>
    </Panel>
  );
}

const centre = (column: number): number => column * STEP + STEP / 2;
const middle = (lane: number): number => TOP + lane * LANE + LANE / 2;

function Edge({ from, to }: { readonly from: TreePlace; readonly to: TreePlace | undefined }) {
  if (to === undefined) return null;
  const [x1, y1, x2, y2] = [centre(from.column), middle(from.lane), centre(to.column), middle(to.lane)];
  const bend = (x1 + x2) / 2;
  return (
    <path
      d={`M${x1} ${y1} C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`}
      fill="none"
      strokeWidth={2}
      className={from.lane === 0 ? 'stroke-accent' : 'stroke-soft'}
    />
  );
}

function Block({ block, place }: { readonly block: BlockSight; readonly place: TreePlace | undefined }) {
  if (place === undefined) return null;
  const { id, height, maker, isOnBest, isFinal, heads } = block;
  const style = isOnBest
    ? isFinal
      ? 'fill-accent stroke-accent'
      : 'fill-accent-soft stroke-accent'
    : 'fill-surface stroke-soft';
  const [x, y] = [centre(place.column), middle(place.lane)];
  return (
    <g>
      <title>{`Block ${height} ${shorten(id)} by ${maker}, head of ${heads} nodes${isFinal ? ', final' : ''}`}</title>
      <rect
        x={x - SIZE / 2}
        y={y - SIZE / 2}
        width={SIZE}
        height={SIZE}
        rx={7}
        strokeWidth={2}
        strokeDasharray={isOnBest ? undefined : '4 3'}
        className={style}
      />
      {heads > 0 && (
        <text
          x={x}
          y={y + 4}
          textAnchor="middle"
          className={`text-[12px] font-medium ${isFinal ? 'fill-on-accent' : 'fill-ink'}`}
        >
          {heads}
        </text>
      )}
      {place.lane === 0 && (
        <text x={x} y={13} textAnchor="middle" className="fill-soft text-[11px]">
          {height}
        </text>
      )}
    </g>
  );
}
