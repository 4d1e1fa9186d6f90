import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { indexStatusQuery, LIVE } from '../node/queries.ts';
import { HeightLink } from '../ui/height-link.tsx';
import { Notice } from '../ui/notice.tsx';
import { formatCount } from '../words/format-units.ts';

/** As long as the index is behind it is looked after this often. */
const LOOK_MS = 2000;
/** An index that follows may be this far behind for a moment, which nobody has to be told of. */
const MOMENT_BLOCKS = 10;

/** Says how far the index goes when it is behind, and has what was read from it read again as it goes on. */
export function IndexNotice() {
  const queries = useQueryClient();
  const { data } = useQuery({
    ...indexStatusQuery,
    refetchInterval: ({ state }) =>
      state.data !== undefined && state.data.blocksBehind > 0 ? LOOK_MS : false,
  });
  const wasBehind = useRef(false);
  useEffect(() => {
    if (wasBehind.current) void queries.invalidateQueries({ queryKey: [LIVE] });
    wasBehind.current = data !== undefined && data.blocksBehind > 0;
  }, [data, queries]);
  if (data === undefined || data.blocksBehind <= MOMENT_BLOCKS) return null;
  const { blocksBehind, indexedTo, problem } = data;
  return (
    <div className="pb-4">
      <Notice title={`The index is ${formatCount(blocksBehind)} blocks behind.`} tone="warn">
        Histories, lists and searches know{' '}
        {indexedTo === null ? (
          'nothing yet'
        ) : (
          <>
            the chain up to block <HeightLink height={indexedTo.height} />
          </>
        )}
        . {problem === null ? 'It is catching up.' : problem.message}
      </Notice>
    </div>
  );
}
