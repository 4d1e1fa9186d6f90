import { useState } from 'react';
import { formatCount, formatShare } from '../../../words/format-units.ts';
import type { Activity } from '../activity.ts';
import { PRACTICE_BLOCKS_MAX } from '../practice/practice-node.ts';
import { useWorld } from '../use-world.ts';
import { type Found, MINERS, Race } from './race.ts';

/** Blocks that the step asks for, and blocks of one press. */
const [GOAL, BURST] = [20, 10];

/** Two miners with their shares of the hashes, and who finds the blocks. */
export const RaceForBlocks: Activity = ({ done }) => {
  const { world } = useWorld(() => new Race(Math.floor(Math.random() * 2 ** 40)));
  const [tenths, setTenths] = useState(7);
  const [found, setFound] = useState<readonly Found[]>([]);
  const find = (count: number) => {
    const all = [...found, ...Array.from({ length: count }, () => world.next(tenths))];
    setFound(all);
    if (all.length >= GOAL) done();
  };
  const isFull = found.length + BURST > PRACTICE_BLOCKS_MAX;
  return (
    <>
      <label className="block max-w-sm space-y-1 text-sm">
        <span className="block text-soft">
          Share of miner A: {10 * tenths} %, of miner B: {100 - 10 * tenths} %
        </span>
        <input
          type="range"
          min={1}
          max={9}
          value={tenths}
          onChange={({ target }) => setTenths(target.valueAsNumber)}
          className="w-full accent-accent"
        />
      </label>
      <div className="flex flex-wrap gap-2">
        {[1, BURST].map((count) => (
          <button key={count} type="button" className="button" disabled={isFull} onClick={() => find(count)}>
            {count === 1 ? 'Find a block' : `Find ${count} blocks`}
          </button>
        ))}
      </div>
      <Winners found={found} />
    </>
  );
};

function Winners({ found }: { readonly found: readonly Found[] }) {
  const wins = MINERS.map((_, miner) => found.filter((one) => one.miner === miner).length);
  const hashes = found.reduce((sum, { attempts }) => sum + attempts, 0);
  const shares = MINERS.map(
    ({ name }, i) => `${name} found ${wins[i]}, ${formatShare(wins[i] ?? 0, found.length)}`,
  );
  return (
    <div className="space-y-2">
      <div aria-hidden className="flex min-h-6 flex-wrap gap-1 font-semibold text-xs">
        {found.map(({ miner, height }) => (
          <span
            key={height}
            className={`grid size-6 place-items-center rounded ${miner === 0 ? 'bg-accent-soft text-accent' : 'bg-sunken text-ink'}`}
          >
            {MINERS[miner]?.name}
          </span>
        ))}
      </div>
      <p role="status" className="min-h-5 text-sm text-soft">
        {found.length > 0 &&
          `${shares.join('; ')}. ${formatCount(Math.round(hashes / found.length))} hashes for a block on average.`}
      </p>
    </div>
  );
}
