/** A line at the bottom of the terminal that shows how far a long run is. */
export interface ProgressLine {
  /** Shows `done` of `total`. */
  update(done: number, total: number, label?: string): void;
  /** Takes the line away, before something else is printed. */
  clear(): void;
}

const BAR_CHARACTERS = 24;
/** More often only makes the terminal flicker. */
const REDRAW_MS = 100;

/** A progress line on standard error; it draws nothing where that is not a terminal, so that logs stay clean. */
export function progressLine(title: string, stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    update(done, total, label = '') {
      const now = performance.now();
      if (!stream.isTTY || (now - drawnAt < REDRAW_MS && done < total)) return;
      drawnAt = now;
      stream.write(`\r\x1b[K${formatProgress(title, done, total, label)}`);
    },
    clear() {
      if (stream.isTTY) stream.write('\r\x1b[K');
    },
  };
}

/** One line: title, bar, percentage and what is being done. */
export function formatProgress(title: string, done: number, total: number, label: string): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const full = Math.round(share * BAR_CHARACTERS);
  const bar = '█'.repeat(full) + '░'.repeat(BAR_CHARACTERS - full);
  return `${title} ${bar} ${String(Math.floor(share * 100)).padStart(3)} % ${label}`.trimEnd();
}
