/** Lines at the bottom of the terminal that are drawn again and again. */
export interface LiveLines {
  /** Shows these lines in the place of the last ones. */
  update(text: string): void;
  /** What somebody reads who looks at a log. */
  short(text: string): void;
}

/** Where nobody watches a line is written this often at most. */
const QUIET_MS = 5000;

/**
 * Lines that change in place on a terminal. Elsewhere the short text is written now and then, when it has changed, so
 * that logs stay readable.
 */
export function liveLines(
  stream: NodeJS.WriteStream = process.stderr,
): LiveLines & { short(text: string): void } {
  let drawn = 0;
  let written = '';
  let writtenAtMs = Number.NEGATIVE_INFINITY;
  return {
    update(text) {
      if (!stream.isTTY) return;
      const up = drawn === 0 ? '' : `\x1b[${drawn}A`;
      // A line that is wider than the terminal would take two, and the next drawing would begin in the wrong place.
      const lines = text.split('\n').map((line) => line.slice(0, Math.max(20, stream.columns - 1)));
      stream.write(`${up}${lines.map((line) => `\x1b[2K${line}`).join('\n')}\n\x1b[J`);
      drawn = lines.length;
    },
    short(text) {
      const nowMs = performance.now();
      if (stream.isTTY || text === written || nowMs - writtenAtMs < QUIET_MS) return;
      written = text;
      writtenAtMs = nowMs;
      stream.write(`${text}\n`);
    },
  };
}
