import { Link } from '@tanstack/react-router';
import { formatCount } from '../../words/format-units.ts';
import type { TreePlace } from './layout-tree.ts';

/** Pixels from block to block along the chain and from lane to lane, and the size of a block. */
const [STEP, LANE, SIZE] = [56, 52, 26];

/** The tree of blocks, the newest on the left: the best branch on top, side branches below, final blocks filled. */
export function TreePicture({
  places,
  finalHeight,
}: {
  readonly places: readonly TreePlace[];
  readonly finalHeight: number;
}) {
  const columns = Math.max(0, ...places.map(({ column }) => column)) + 1;
  const lanes = Math.max(0, ...places.map(({ lane }) => lane)) + 1;
  const byId = new Map(places.map((place) => [place.id, place]));
  const [width, height] = [columns * STEP, lanes * LANE + 24];
  return (
    <div className="overflow-x-auto">
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        <title>{`The best branch and ${lanes - 1} lanes of side branches`}</title>
        {places.map((place) => {
          const parent = byId.get(place.parent);
          return parent === undefined ? null : <Edge key={place.id} from={place} to={parent} />;
        })}
        {places.map((place) => (
          <Block key={place.id} place={place} isFinal={place.lane === 0 && place.height <= finalHeight} />
        ))}
        {places.map(({ id, lane, column, height: number }) =>
          lane === 0 ? (
            <text key={id} x={centre(column)} y={12} textAnchor="middle" className="fill-soft text-[11px]">
              {formatCount(number)}
            </text>
          ) : null,
        )}
      </svg>
    </div>
  );
}

const centre = (column: number): number => column * STEP + STEP / 2;
const middle = (lane: number): number => 24 + lane * LANE + LANE / 2;

function Edge({ from, to }: { readonly from: TreePlace; readonly to: TreePlace }) {
  const [x1, y1, x2, y2] = [centre(from.column), middle(from.lane), centre(to.column), middle(to.lane)];
  const bend = (x1 + x2) / 2;
  const style = from.lane === 0 ? 'stroke-accent' : 'stroke-soft';
  return (
    <path
      d={`M${x1} ${y1} C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`}
      fill="none"
      strokeWidth={2}
      className={style}
    />
  );
}

function Block({ place, isFinal }: { readonly place: TreePlace; readonly isFinal: boolean }) {
  const { id, lane, column, height } = place;
  const style =
    lane > 0
      ? 'fill-surface stroke-soft'
      : isFinal
        ? 'fill-accent stroke-accent'
        : 'fill-accent-soft stroke-accent';
  const what = lane > 0 ? 'left behind' : isFinal ? 'final' : 'best branch';
  return (
    <Link to="/block/$block" params={{ block: id }} aria-label={`Block ${formatCount(height)}, ${what}`}>
      <rect
        x={centre(column) - SIZE / 2}
        y={middle(lane) - SIZE / 2}
        width={SIZE}
        height={SIZE}
        rx={7}
        strokeWidth={2}
        strokeDasharray={lane > 0 ? '4 3' : undefined}
        className={style}
      />
    </Link>
  );
}
