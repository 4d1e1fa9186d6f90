import type { RunNews, RunOrder } from '@calin/sim/live/run-desk.ts';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { formatDuration } from '../../words/format-time.ts';
import { formatMomentOfRun } from './run-words.ts';

/** Virtual seconds in a second. */
const PACES = [
  [0.05, 'Twentieth speed'],
  [0.25, 'Quarter speed'],
  [1, 'As fast as time'],
  [5, '5 times as fast'],
  [30, '30 times as fast'],
] as const;

/** A slider that is being moved is followed when it rests so long. */
const REST_MS = 200;

/** Plays a run, stops it, and goes to any moment of it. */
export function RunControls({
  news,
  durationS,
  tookMs,
  order,
}: {
  readonly news: RunNews;
  readonly durationS: number;
  readonly tookMs: number | undefined;
  readonly order: (order: RunOrder) => void;
}) {
  const { state, frame, goalUs } = news;
  const [pace, setPace] = useState(1);
  const isPlaying = state === 'playing';
  const play = (next: number) => order({ kind: 'play', pace: next });
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-2">
        <button
          type="button"
          className="button min-w-24 border-accent text-accent"
          disabled={frame.isOver || state === 'seeking'}
          onClick={() => (isPlaying ? order({ kind: 'pause' }) : play(pace))}
        >
          <Icon name={isPlaying ? 'pause' : 'play'} />
          {isPlaying ? 'Pause' : 'Play'}
        </button>
        {(['message', 'block'] as const).map((to) => (
          <button
            key={to}
            type="button"
            className="button"
            disabled={frame.isOver || state === 'seeking'}
            onClick={() => order({ kind: 'step', to })}
          >
            Next {to}
          </button>
        ))}
        <button
          type="button"
          className="button"
          disabled={frame.isOver}
          onClick={() => order({ kind: 'seek', atUs: 1_000_000 * durationS })}
        >
          To the end
        </button>
        <select
          aria-label="Speed"
          className="field w-auto!"
          value={pace}
          onChange={({ target }) => {
            setPace(Number(target.value));
            if (isPlaying) play(Number(target.value));
          }}
        >
          {PACES.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <Scrubber nowUs={frame.nowUs} goalUs={goalUs} durationS={durationS} order={order} />
      <p role="status" className="caption min-h-4">
        {sayState(news, tookMs)}
      </p>
    </div>
  );
}

/** Said aloud too, so nothing that changes with every picture. */
function sayState({ state, frame, goalUs }: RunNews, tookMs: number | undefined): string {
  if (goalUs !== undefined) return `Running to ${formatMomentOfRun(goalUs)}.`;
  if (state === 'playing') return 'Playing.';
  if (state === 'stepping') return 'Looking for the next block.';
  const now = `At ${formatMomentOfRun(frame.nowUs)}.`;
  return tookMs === undefined ? now : `${now} Running there took ${formatDuration(tookMs)}.`;
}

function Scrubber({
  nowUs,
  goalUs,
  durationS,
  order,
}: {
  readonly nowUs: number;
  /** Where the run is on its way to. */
  readonly goalUs: number | undefined;
  readonly durationS: number;
  readonly order: (order: RunOrder) => void;
}) {
  const [wanted, setWanted] = useState<number>();
  const send = useRef(order);
  send.current = order;
  useEffect(() => {
    if (wanted === undefined) return;
    const timer = setTimeout(() => {
      send.current({ kind: 'seek', atUs: 1000 * wanted });
      setWanted(undefined);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  const shownMs = wanted ?? Math.round((goalUs ?? nowUs) / 1000);
  return (
    <div className="flex items-center gap-3 text-sm">
      <input
        type="range"
        aria-label="Moment of the run"
        aria-valuetext={formatMomentOfRun(1000 * shownMs)}
        min={0}
        max={1000 * durationS}
        step={100}
        value={shownMs}
        onChange={({ target }) => setWanted(Number(target.value))}
        className="min-w-0 flex-1 accent-accent"
      />
      <span className="whitespace-nowrap text-soft">
        {(nowUs / 1_000_000).toFixed(1)} of {durationS} s
      </span>
    </div>
  );
}
