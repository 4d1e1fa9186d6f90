import type { LiveFrame, NodeSight } from '@calin/sim/live/live-frame.ts';
import type { MessageSight } from '@calin/sim/live/messages.ts';
import { WORLD } from '@calin/sim/regions.ts';
import { useMemo } from 'react';
import { usePrefersStill } from '../../ui/use-prefers-still.ts';
import { layoutNodes, type NodesLayout, outwards, type Point, progressOf } from './layout-nodes.ts';
import { describeNode, highestOf, standOf } from './run-words.ts';
import { type HandOptions, useHand } from './use-hand.ts';

const STAND_STYLES = {
  best: ['fill-accent stroke-accent', 'fill-on-accent'],
  behind: ['fill-accent-soft stroke-accent', 'fill-accent'],
  side: ['fill-warn-soft stroke-warn', 'fill-warn'],
  off: ['fill-sunken stroke-soft', 'fill-soft'],
} as const;

const FAMILY_STYLES = {
  block: ['fill-accent', 'stroke-accent', 4.5],
  transaction: ['fill-good', 'stroke-good', 3.5],
  vote: ['fill-warn', 'stroke-warn', 3.5],
  other: ['fill-soft', 'stroke-soft', 2.5],
} as const;

/** The nodes on a ring by region, who is connected, and messages on their way. */
export function NetworkPicture({
  frame: { nodes, messages, nowUs },
  selected,
  toggle,
  cut,
}: Omit<HandOptions, 'nodes'> & {
  readonly frame: LiveFrame;
  readonly selected: ReadonlySet<number>;
}) {
  const regions = nodes.map(({ region }) => region).join();
  const layout = useMemo(() => layoutNodes(regions.split(',').map(Number)), [regions]);
  const { line, apart, handlers } = useHand({ nodes: layout.nodes, toggle, cut });
  const isStill = usePrefersStill();
  const highest = highestOf(nodes);
  return (
    <svg
      viewBox="-200 -196 400 392"
      role="img"
      className={`mx-auto max-h-[27rem] w-full touch-pan-y select-none ${cut === undefined ? '' : 'cursor-crosshair'}`}
      {...handlers}
    >
      <title>{`${nodes.length} nodes by region, and ${messages.length} messages on their way`}</title>
      <Links nodes={nodes} layout={layout} />
      <RegionNames layout={layout} />
      {messages.map((message) => (
        <Message
          key={message.number}
          message={message}
          layout={layout}
          share={isStill ? undefined : progressOf(message, nowUs)}
        />
      ))}
      {nodes.map((node, i) => (
        <g key={node.name} data-node={i} className="cursor-pointer">
          <NodeMark
            node={node}
            at={layout.nodes[i] ?? { x: 0, y: 0 }}
            highest={highest}
            isSelected={selected.has(i)}
            isApart={node.side > 0 || apart.includes(i)}
          />
        </g>
      ))}
      {line !== undefined && (
        <line {...line} strokeWidth={2.5} strokeDasharray="7 5" className="pointer-events-none stroke-bad" />
      )}
    </svg>
  );
}

function RegionNames({ layout }: { readonly layout: NodesLayout }) {
  return layout.regions.map(({ region, x, y }) => (
    <text
      key={region}
      x={x}
      y={y + 3}
      textAnchor={x > 60 ? 'end' : x < -60 ? 'start' : 'middle'}
      strokeWidth={5}
      paintOrder="stroke"
      className="fill-soft stroke-surface text-[11px]"
    >
      {WORLD.names[region]}
    </text>
  ));
}

function Links({ nodes, layout }: { readonly nodes: readonly NodeSight[]; readonly layout: NodesLayout }) {
  const links = nodes.flatMap(({ peers, side }, from) =>
    peers.flatMap((to) => (from < to && nodes[to]?.side === side ? [[from, to] as const] : [])),
  );
  return links.map(([from, to]) => {
    const [a, b] = [layout.nodes[from], layout.nodes[to]];
    return <line key={`${from} ${to}`} x1={a?.x} y1={a?.y} x2={b?.x} y2={b?.y} className="stroke-line" />;
  });
}

function NodeMark({
  node,
  at,
  highest,
  isSelected,
  isApart,
}: {
  readonly node: NodeSight;
  readonly at: Point;
  readonly highest: number;
  readonly isSelected: boolean;
  readonly isApart: boolean;
}) {
  const { name, height, isUp, isMaker, cheat } = node;
  const outside = outwards(at, 29);
  const [circle, text] = STAND_STYLES[standOf(node, highest)];
  return (
    <g transform={`translate(${at.x} ${at.y})`}>
      <title>{`${name}: height ${height}, ${describeNode(node, highest)}`}</title>
      {isApart && (
        <circle r={20.5} fill="none" strokeWidth={2} strokeDasharray="5 4" className="stroke-bad" />
      )}
      {isSelected && <circle r={17} fill="none" strokeWidth={2.5} className="stroke-ink" />}
      <circle
        r={13}
        strokeWidth={cheat === undefined ? 2 : 4}
        strokeDasharray={isUp ? undefined : '3 3'}
        className={`${circle} ${cheat === undefined ? '' : 'stroke-bad!'}`}
      />
      <text y={4} textAnchor="middle" className={`text-[11px] font-medium ${text}`}>
        {isUp ? height : '–'}
      </text>
      <text x={outside.x} y={outside.y + 3} textAnchor="middle" className="fill-soft text-[9px]">
        {`${name}${isMaker ? '*' : ''}`}
      </text>
    </g>
  );
}

function Message({
  message: { from, to, family, isLost },
  layout,
  share,
}: {
  readonly message: MessageSight;
  readonly layout: NodesLayout;
  /** Undefined where nothing may move: then the way is drawn. */
  readonly share: number | undefined;
}) {
  const [a, b] = [layout.nodes[from], layout.nodes[to]];
  if (a === undefined || b === undefined) return null;
  const [fill, stroke, radius] = FAMILY_STYLES[family];
  if (share === undefined)
    return <line x1={a.x} y1={a.y} x2={b.x} y2={b.y} className={isLost ? 'stroke-bad' : stroke} />;
  const [x, y] = [a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)];
  if (!isLost) return <circle cx={x} cy={y} r={radius} className={fill} />;
  return (
    <path
      d={`M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x - 4} ${y + 4}L${x + 4} ${y - 4}`}
      strokeWidth={2}
      className="stroke-bad"
    />
  );
}
