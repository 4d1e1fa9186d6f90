import { useState } from 'react';
import { ask } from '../../node/rpc.ts';
import { Panel } from '../../ui/panel.tsx';
import { formatCount } from '../../words/format-units.ts';
import type { GiveOrder } from './developer-page.tsx';

/** Most blocks of one order. */
const BLOCKS_MAX = 100;

/** Makes blocks, or replaces the last ones. */
export function BlockTools({ give }: { readonly give: GiveOrder }) {
  const [blocks, setBlocks] = useState(1);
  const mine = () =>
    give(async () => {
      const made = await ask('dev_mine', { blocks });
      return `${formatCount(made.length)} ${made.length === 1 ? 'block was' : 'blocks were'} made.`;
    });
  const reorganise = () =>
    give(async () => {
      const made = await ask('dev_reorg', { depth: blocks });
      return `The last ${formatCount(blocks)} gave way to ${formatCount(made.length)} new ones; their transactions wait again.`;
    });
  return (
    <Panel title="Blocks">
      <div className="space-y-3 text-sm">
        <label className="block space-y-1">
          <span className="text-soft">How many</span>
          <input
            type="number"
            min={1}
            max={BLOCKS_MAX}
            value={blocks}
            onChange={({ target }) =>
              setBlocks(Math.min(BLOCKS_MAX, Math.max(1, Math.trunc(target.valueAsNumber || 1))))
            }
            className="field"
          />
        </label>
        <div className="flex flex-wrap gap-2">
          <button type="button" className="button" onClick={mine}>
            Make them now
          </button>
          <button type="button" className="button" onClick={reorganise}>
            Replace the last ones
          </button>
        </div>
        <p className="caption">
          Replacing makes a longer branch of empty blocks from below them, as a reorganisation does. Only
          blocks that are not final can be replaced.
        </p>
      </div>
    </Panel>
  );
}
