import type { RunNews, RunOrder } from '@calin/sim/live/run-desk.ts';
import { RunDesk } from '@calin/sim/live/run-desk.ts';

/** What the worker tells the page. */
export type WorkerNews =
  | {
      readonly kind: 'news';
      readonly opening: number;
      readonly news: RunNews;
      readonly tookMs: number | undefined;
    }
  | { readonly kind: 'failed'; readonly opening: number; readonly message: string };

/** What the page tells the worker. */
export interface WorkerOrder {
  /** Counts the runs that were opened: news of earlier ones are dropped. */
  readonly opening: number;
  readonly order: RunOrder;
}

/** Between two pictures: twenty-five in a second. */
const FRAME_MS = 40;

/** A piece of work that took less leaves the run on time, and the worker rests before the next. */
const [LIGHT_MS, REST_MS] = [8, 12];

const desk = new RunDesk();
let opening = 0;
let workedMs = 0;
let toldMs = 0;
/** When the run was last sent to another moment. */
let sentMs: number | undefined;
/** The next piece of work is on its way. */
let isAwake = false;

function tell(news: WorkerNews): void {
  self.postMessage(news);
}

function tellNews(): void {
  const news = desk.news();
  toldMs = performance.now();
  const isThere = sentMs !== undefined && news.state !== 'seeking';
  tell({ kind: 'news', opening, news, tookMs: isThere ? toldMs - (sentMs ?? toldMs) : undefined });
  if (isThere) sentMs = undefined;
}

/** What is thrown is a fault of a node or of the simulator: the page shows it, and a new run can be opened. */
function guard(act: () => void): void {
  try {
    act();
  } catch (error) {
    tell({ kind: 'failed', opening, message: error instanceof Error ? error.message : String(error) });
  }
}

function wake(afterMs: number): void {
  if (isAwake || !desk.isBusy) return;
  isAwake = true;
  setTimeout(work, afterMs);
}

function work(): void {
  isAwake = false;
  guard(() => {
    const startMs = performance.now();
    desk.work(startMs - workedMs);
    workedMs = startMs;
    if (!desk.isBusy || startMs - toldMs >= FRAME_MS) tellNews();
    wake(performance.now() - startMs < LIGHT_MS ? REST_MS : 0);
  });
}

self.addEventListener('message', ({ data }: MessageEvent<WorkerOrder>) => {
  const { order } = data;
  opening = data.opening;
  guard(() => {
    if (order.kind === 'open' || order.kind === 'seek' || order.kind === 'undo') sentMs = performance.now();
    desk.take(order);
    tellNews();
    workedMs = performance.now();
    wake(0);
  });
});
