/** Shows how far a long run is: a line at the bottom of a terminal, or plain lines now and then. */
export interface ProgressBar {
  /** Shows `done` of `total`. */
  update(done: number, total: number): void;
  /** Takes the line at the bottom away, before something else is printed. */
  clear(): void;
}

const BAR_CHARACTERS = 24;
/** More often only makes the terminal flicker. */
const REDRAW_MS = 100;

/** Time between plain lines, and before the first: what is over sooner leaves none in a log. */
const PLAIN_LINE_MS = 15_000;

/**
 * A progress bar on standard error. Where that is no terminal it writes a plain line every fifteen seconds, so that a
 * log says how far a long run was when it was cut.
 *
 * @param clock - milliseconds that only go on
 */
export function progressBar(
  title: string,
  stream: NodeJS.WriteStream = process.stderr,
  clock: () => number = () => performance.now(),
): ProgressBar {
  let drawnAtMs = stream.isTTY ? Number.NEGATIVE_INFINITY : clock();
  return {
    update(done, total) {
      const nowMs = clock();
      if (nowMs - drawnAtMs < (stream.isTTY ? REDRAW_MS : PLAIN_LINE_MS)) return;
      drawnAtMs = nowMs;
      if (stream.isTTY) stream.write(`\r\x1b[K${formatProgressBar(title, done, total)}`);
      else stream.write(`${title} ${percent(done, total)} %  ${done} of ${total}\n`);
    },
    clear() {
      if (stream.isTTY) stream.write('\r\x1b[K');
    },
  };
}

/** One line: title, bar, percentage and counts. */
export function formatProgressBar(title: string, done: number, total: number): string {
  const full = Math.round(shareOf(done, total) * BAR_CHARACTERS);
  const bar = '█'.repeat(full) + '░'.repeat(BAR_CHARACTERS - full);
  return `${title} ${bar} ${String(percent(done, total)).padStart(3)} %  ${done} of ${total}`;
}

function percent(done: number, total: number): number {
  return Math.floor(100 * shareOf(done, total));
}

function shareOf(done: number, total: number): number {
  return total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
}
