import { useState } from 'react';
import { ask } from '../../node/rpc.ts';
import { Panel } from '../../ui/panel.tsx';
import { shorten } from '../../words/shorten.ts';
import type { GiveOrder } from './developer-page.tsx';

interface Snapshot {
  readonly snapshot: string;
  readonly head: string;
}

/** Remembers where the chain is, and goes back there. */
export function SnapshotTools({ give }: { readonly give: GiveOrder }) {
  const [taken, setTaken] = useState<readonly Snapshot[]>([]);
  const take = () =>
    give(async () => {
      const snapshot = await ask('dev_snapshot', {});
      setTaken([snapshot, ...taken]);
      return `Snapshot ${snapshot.snapshot} remembers the head ${shorten(snapshot.head)}.`;
    });
  const revert = (to: Snapshot) =>
    give(async () => {
      await ask('dev_revert', { snapshot: to.snapshot });
      // Those taken after it are gone with it.
      setTaken(taken.slice(taken.indexOf(to) + 1));
      return `The chain is back at ${shorten(to.head)}.`;
    });
  return (
    <Panel title="Snapshots">
      <div className="space-y-3 text-sm">
        <button type="button" className="button" onClick={take}>
          Take one
        </button>
        {taken.length === 0 ? (
          <p className="caption">
            A snapshot remembers the head. Going back to it takes all later blocks away; it works once.
          </p>
        ) : (
          <ul className="divide-y divide-line">
            {taken.map((one) => (
              <li key={one.snapshot} className="flex items-center justify-between gap-3 py-2">
                <span>
                  {one.snapshot} <span className="font-mono text-soft">{shorten(one.head)}</span>
                </span>
                <button type="button" className="button" onClick={() => revert(one)}>
                  Go back
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}
