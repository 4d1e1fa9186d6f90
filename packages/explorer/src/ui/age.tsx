import { useQuery } from '@tanstack/react-query';
import { statusQuery } from '../node/queries.ts';
import { formatAge, formatMoment } from '../words/format-time.ts';
import { useNow } from './use-now.ts';

/** How long ago a moment is, by the time of the node; in full when pointed at, or beside it with `withMoment`. */
export function Age({
  timeMs,
  withMoment = false,
}: {
  readonly timeMs: number;
  readonly withMoment?: boolean;
}) {
  const { data } = useQuery(statusQuery);
  const nowMs = useNow() + (data?.timeOffsetMs ?? 0);
  const moment = formatMoment(timeMs);
  // Clocks differ a little; a block of this very moment is not from the future.
  const age = formatAge(Math.min(timeMs, timeMs - nowMs < 5000 ? nowMs : timeMs), nowMs);
  return (
    <time dateTime={new Date(timeMs).toISOString()} title={moment} className="whitespace-nowrap">
      {age}
      {withMoment && <span className="text-soft"> · {moment}</span>}
    </time>
  );
}
