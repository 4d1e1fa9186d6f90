import type { TreeBox } from './layout-merkle.ts';

/** Room of a leaf, from level to level, and the box of a hash. */
const [ROOM, STEP, WIDTH, HEIGHT] = [84, 62, 74, 30];

/** A tree with the way of one leaf to the root: what is hashed on it, and the siblings that a proof names. */
export function MerklePicture({
  boxes,
  choose,
}: {
  readonly boxes: readonly TreeBox[];
  /** A leaf was pointed at, by its place. */
  readonly choose: (place: number) => void;
}) {
  const leaves = boxes.filter(({ level }) => level === 0).length;
  const levels = Math.max(...boxes.map(({ level }) => level)) + 1;
  const byName = new Map(boxes.map((box) => [box.name, box]));
  const [width, height] = [leaves * ROOM, levels * STEP];
  const top = ({ level }: TreeBox) => height - (level + 1) * STEP + (STEP - HEIGHT) / 2;
  return (
    <div className="overflow-x-auto">
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        <title>{`A tree of ${leaves} leaves in ${levels} levels`}</title>
        {boxes.map((box) => {
          const above = byName.get(box.above ?? '');
          if (above === undefined) return null;
          return (
            <line
              key={box.name}
              x1={box.middle * ROOM}
              y1={top(box)}
              x2={above.middle * ROOM}
              y2={top(above) + HEIGHT}
              strokeWidth={2}
              className={box.role === 'own' ? 'stroke-accent' : 'stroke-line'}
            />
          );
        })}
        {boxes.map((box) => (
          <foreignObject
            key={box.name}
            x={box.middle * ROOM - WIDTH / 2}
            y={top(box)}
            width={WIDTH}
            height={HEIGHT}
          >
            <Box box={box} choose={choose} />
          </foreignObject>
        ))}
      </svg>
    </div>
  );
}

const STYLES = {
  own: 'border-accent bg-accent-soft text-accent',
  sibling: 'border-good bg-good-soft text-good',
  other: 'border-line bg-surface text-ink',
} as const;

function Box({ box, choose }: { readonly box: TreeBox; readonly choose: (place: number) => void }) {
  const style = `grid size-full place-items-center rounded-md border-2 font-mono text-[11px] ${STYLES[box.role]}`;
  if (box.level > 0) return <span className={style}>{box.text}</span>;
  return (
    <button
      type="button"
      aria-label={`Leaf ${box.place + 1}, ${box.text}`}
      aria-pressed={box.role === 'own'}
      onClick={() => choose(box.place)}
      className={`cursor-pointer ${style}`}
    >
      {box.text}
    </button>
  );
}
