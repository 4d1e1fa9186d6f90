import { useState } from 'react';
import type { LabProgress } from '../../lab/lab-orders.ts';
import { Meter } from '../../ui/meter.tsx';
import { formatCount } from '../../words/format-units.ts';

/** How far something is that takes a while. */
export function ProgressLine({ progress }: { readonly progress: LabProgress }) {
  const { what, done, total } = progress;
  const perSecond = useRate(done);
  return (
    <p role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <Meter part={done} whole={total} />
      {what === 'blocks' ? (
        <span>
          {formatCount(done)} of {formatCount(total)} blocks
        </span>
      ) : (
        <span>
          {formatCount(done)} hashes tried, it takes {formatCount(total)} on average
          {perSecond > 0 && `; ${formatCount(perSecond)} a second`}
        </span>
      )}
    </p>
  );
}

/** Done in a second, since it was first looked at. */
function useRate(done: number): number {
  const [begin] = useState(() => ({ done, ms: performance.now() }));
  const ms = performance.now() - begin.ms;
  return ms > 0 ? Math.round(((done - begin.done) * 1000) / ms) : 0;
}
