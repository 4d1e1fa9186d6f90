import type { PeerJson } from '../../node/shapes.ts';
import { Age } from '../../ui/age.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Table } from '../../ui/table.tsx';
import { formatCount } from '../../words/format-units.ts';
import { shorten } from '../../words/shorten.ts';

const COLUMNS = ['Peer', 'Address', 'Software', 'Connected', '>Round trip', '>Height', '>Points'];

/** Who is connected, as far as the node knows and they say. */
export function PeerTable({
  peers,
  headHeight,
}: {
  readonly peers: readonly PeerJson[];
  readonly headHeight: number;
}) {
  return (
    <Panel title="Peers" isFlush>
      <Table label="Peers" columns={COLUMNS}>
        {peers.map(({ id, address, direction, connectedMs, said, latencyMs, points }) => (
          <tr key={id}>
            <td className="whitespace-nowrap">
              <span className="font-mono" title={id}>
                {shorten(id, 6, 6)}
              </span>{' '}
              <Pill>{direction === 'outbound' ? 'dialled' : 'came'}</Pill>
            </td>
            <td className="whitespace-nowrap font-mono text-xs">{address.replace(/\/p2p\/.*$/, '')}</td>
            <td className="whitespace-nowrap">{said?.agent ?? <span className="text-soft">not yet</span>}</td>
            <td className="text-soft">
              <Age timeMs={connectedMs} />
            </td>
            <td className="whitespace-nowrap text-right">
              {latencyMs === null ? '–' : `${formatCount(Math.round(latencyMs))} ms`}
            </td>
            <td className="text-right">
              {said === null ? '–' : formatCount(said.height)}
              {said !== null && said.height < headHeight && (
                <span className="text-soft"> −{formatCount(headHeight - said.height)}</span>
              )}
            </td>
            <td className={`text-right ${points > 0 ? 'text-bad' : 'text-soft'}`}>{points}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}
