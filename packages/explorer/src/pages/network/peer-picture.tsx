import type { PeerJson } from '../../node/shapes.ts';
import { Panel } from '../../ui/panel.tsx';
import { layoutPeers } from './layout-peers.ts';

/** Peers that are drawn. */
const DRAWN_MAX = 60;

/** The node in the middle and its peers around it, the quicker the nearer. Those it has dialled are filled. */
export function PeerPicture({ peers }: { readonly peers: readonly PeerJson[] }) {
  const drawn = peers.slice(0, DRAWN_MAX);
  const places = layoutPeers(drawn);
  return (
    <Panel title="Around this node" aside="the quicker the nearer; filled ones were dialled">
      <svg viewBox="-180 -165 360 330" role="img" className="mx-auto h-72 max-w-full">
        <title>{`${drawn.length} peers around this node, by latency`}</title>
        {places.map(({ id, x, y }) => (
          <line key={id} x1={0} y1={0} x2={x} y2={y} className="stroke-line" />
        ))}
        {places.map(({ id, x, y }, i) => (
          <circle
            key={id}
            cx={x}
            cy={y}
            r={7}
            strokeWidth={2}
            className={
              drawn[i]?.direction === 'outbound' ? 'fill-accent stroke-accent' : 'fill-surface stroke-accent'
            }
          />
        ))}
        <circle r={14} className="fill-ink" />
      </svg>
    </Panel>
  );
}
