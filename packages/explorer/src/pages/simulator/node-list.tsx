import type { NodeSight } from '@calin/sim/live/live-frame.ts';
import { WORLD } from '@calin/sim/regions.ts';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { describeNode, highestOf } from './run-words.ts';

const COLUMNS = ['Node', 'Region', 'State', '>Height', '>Final', '>Peers'];

/** The nodes in words, each to be chosen. */
export function NodeList({
  nodes,
  selected,
  toggle,
}: {
  readonly nodes: readonly NodeSight[];
  readonly selected: ReadonlySet<number>;
  readonly toggle: (node: number) => void;
}) {
  const highest = highestOf(nodes);
  return (
    <Panel title="Nodes" isFlush>
      <div className="max-h-[32rem] overflow-y-auto">
        <Table label="Nodes" columns={COLUMNS}>
          {nodes.map((node, i) => (
            <tr key={node.name}>
              <td>
                <label className="flex cursor-pointer items-center gap-2">
                  <input
                    type="checkbox"
                    checked={selected.has(i)}
                    onChange={() => toggle(i)}
                    className="accent-accent"
                  />
                  {node.name}
                  {node.isMaker && <span title="Makes blocks or votes">*</span>}
                </label>
              </td>
              <td className="text-soft">{WORLD.names[node.region]}</td>
              <td className={node.cheat === undefined ? '' : 'text-bad'}>{describeNode(node, highest)}</td>
              <td className="text-right">{node.isUp ? node.height : '–'}</td>
              <td className="text-right text-soft">{node.isUp ? node.finalHeight : '–'}</td>
              <td className="text-right text-soft">{node.peers.length}</td>
            </tr>
          ))}
        </Table>
      </div>
    </Panel>
  );
}
