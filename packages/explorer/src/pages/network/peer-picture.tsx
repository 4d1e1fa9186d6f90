import type { PeerJson } from '../../node/shapes.ts';
import { Panel } from '../../ui/panel.tsx';
import { distanceOf, layoutPeers } from './layout-peers.ts';

/** Circles of equal latency, in milliseconds. */
const RINGS = [10, 100, 500];
/** Peers that are drawn. */
const DRAWN_MAX = 60;

/** The node in the middle and its peers around it, the quicker the nearer. Those it has dialled are filled. */
export function PeerPicture({ peers }: { readonly peers: readonly PeerJson[] }) {
  const drawn = peers.slice(0, DRAWN_MAX);
  const places = layoutPeers(drawn);
  return (
    <Panel title="Around this node" aside="the quicker the nearer; filled ones were dialled">
      <svg viewBox="-150 -132 300 264" role="img" className="mx-auto h-72 max-w-full">
        <title>{`${drawn.length} peers around this node, by latency`}</title>
        {RINGS.map((ms) => (
          <g key={ms}>
            <circle r={distanceOf(ms)} fill="none" strokeDasharray="2 4" className="stroke-line" />
            <text y={-distanceOf(ms) - 3} textAnchor="middle" className="fill-soft text-[9px]">
              {ms} ms
            </text>
          </g>
        ))}
        {places.map(({ id, x, y }) => (
          <line key={id} x1={0} y1={0} x2={x} y2={y} className="stroke-soft" />
        ))}
        {places.map(({ id, x, y }, i) => (
          <circle
            key={id}
            cx={x}
            cy={y}
            r={6}
            strokeWidth={2}
            className={
              drawn[i]?.direction === 'outbound' ? 'fill-accent stroke-accent' : 'fill-surface stroke-accent'
            }
          />
        ))}
        <circle r={11} className="fill-ink" />
      </svg>
    </Panel>
  );
}
