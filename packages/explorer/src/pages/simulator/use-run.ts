import type { LiveStory } from '@calin/sim/live/live-frame.ts';
import type { RunNews, RunOrder } from '@calin/sim/live/run-desk.ts';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { WorkerNews, WorkerOrder } from './run-worker.ts';

/** The run that is watched, as the page knows it. */
export interface WatchedRun {
  readonly news: RunNews | undefined;
  /** The last one that was told. */
  readonly story: LiveStory | undefined;
  /** How long it took to get to the last moment that was chosen. */
  readonly tookMs: number | undefined;
  /** Why there is no run any more. */
  readonly failure: string | undefined;
}

const NOTHING: WatchedRun = { news: undefined, story: undefined, tookMs: undefined, failure: undefined };

/** Starts a worker that runs what the page orders, for as long as the page is open. */
export function useRun(): WatchedRun & { readonly order: (order: RunOrder) => void } {
  const [run, setRun] = useState(NOTHING);
  const worker = useRef<Worker | undefined>(undefined);
  const opening = useRef(0);
  /** The run that a worker begins with. */
  const first = useRef<RunOrder | undefined>(undefined);
  const order = useCallback((order: RunOrder) => {
    if (order.kind === 'open') {
      opening.current += 1;
      first.current = order;
      setRun(NOTHING);
    }
    worker.current?.postMessage({ opening: opening.current, order } satisfies WorkerOrder);
  }, []);
  useEffect(() => {
    const started = new Worker(new URL('./run-worker.ts', import.meta.url), { type: 'module' });
    worker.current = started;
    started.addEventListener('message', ({ data }: MessageEvent<WorkerNews>) => {
      if (data.opening === opening.current) setRun((known) => hear(known, data));
    });
    started.addEventListener('error', () =>
      setRun({ ...NOTHING, failure: 'This browser cannot run the simulator.' }),
    );
    if (first.current !== undefined) order(first.current);
    return () => {
      worker.current = undefined;
      started.terminate();
    };
  }, [order]);
  return { ...run, order };
}

function hear(known: WatchedRun, told: WorkerNews): WatchedRun {
  if (told.kind === 'failed') return { ...NOTHING, failure: told.message };
  const { news, tookMs } = told;
  return { news, story: news.story ?? known.story, tookMs: tookMs ?? known.tookMs, failure: undefined };
}
