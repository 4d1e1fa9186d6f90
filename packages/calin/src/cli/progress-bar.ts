/** A line at the bottom of the terminal that shows how far a long run is. */
export interface ProgressBar {
  /** Shows `done` of `total`. */
  update(done: number, total: number): void;
  /** Takes the line away, before something else is printed. */
  clear(): void;
}

const BAR_CHARACTERS = 24;
/** More often only makes the terminal flicker. */
const REDRAW_MS = 100;

/** A progress bar on standard error; it draws nothing where that is not a terminal, so that logs stay clean. */
export function progressBar(title: string, stream: NodeJS.WriteStream = process.stderr): ProgressBar {
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  return {
    update(done, total) {
      const nowMs = performance.now();
      if (!stream.isTTY || nowMs - drawnAtMs < REDRAW_MS) return;
      drawnAtMs = nowMs;
      stream.write(`\r\x1b[K${formatProgressBar(title, done, total)}`);
    },
    clear() {
      if (stream.isTTY) stream.write('\r\x1b[K');
    },
  };
}

/** One line: title, bar, percentage and counts. */
export function formatProgressBar(title: string, done: number, total: number): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const full = Math.round(share * BAR_CHARACTERS);
  const bar = '█'.repeat(full) + '░'.repeat(BAR_CHARACTERS - full);
  return `${title} ${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${done} of ${total}`;
}
