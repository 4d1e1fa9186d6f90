import { ask } from '../../node/rpc.ts';
import { Panel } from '../../ui/panel.tsx';
import { useNow } from '../../ui/use-now.ts';
import { formatDuration, formatMoment } from '../../words/format-time.ts';
import type { GiveOrder } from './developer-page.tsx';

const STEPS = [
  ['A minute', 60_000],
  ['An hour', 3_600_000],
  ['A day', 86_400_000],
  ['Thirty days', 2_592_000_000],
] as const;

/** Sets the clock of the node forward, for what only opens with time. */
export function TimeTools({
  give,
  headMs,
  offsetMs,
}: {
  readonly give: GiveOrder;
  readonly headMs: number;
  /** Milliseconds that the node is ahead of the machine. */
  readonly offsetMs: number;
}) {
  const nodeMs = useNow() + offsetMs;
  const forward = (stepMs: number) =>
    give(async () => {
      const { timeMs } = await ask('dev_setTime', {
        timeMs: Math.max(Date.now() + offsetMs, headMs) + stepMs,
      });
      return `It is ${formatMoment(timeMs)} on this chain now.`;
    });
  return (
    <Panel
      title="Time"
      aside={
        offsetMs === 0
          ? 'as on the machine'
          : `${formatDuration(Math.abs(offsetMs))} ${offsetMs > 0 ? 'ahead' : 'behind'}`
      }
    >
      <div className="space-y-3 text-sm">
        <p>{formatMoment(nodeMs)}</p>
        <div className="flex flex-wrap gap-2">
          {STEPS.map(([name, stepMs]) => (
            <button key={name} type="button" className="button" onClick={() => forward(stepMs)}>
              {name} on
            </button>
          ))}
        </div>
        <p className="caption">Timelocks and the times of blocks follow. Time only goes on.</p>
      </div>
    </Panel>
  );
}
