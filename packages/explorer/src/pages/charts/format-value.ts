const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 });

/** A value of a chart, short enough for an axis: `1.25`, `12K`, `0.0000085`. */
export function formatValue(value: number): string {
  if (value === 0 || Math.abs(value) >= 0.001) return COMPACT.format(value);
  return value.toPrecision(2).replace(/e-(\d+)$/, 'e−$1');
}

const DAY_S = 86_400;

/** Moments of an axis in UTC, in seconds since 1970: times of the day, or dates where the axis is longer than that. */
export function formatTicks(ticks: readonly number[]): string[] {
  const span = (ticks.at(-1) ?? 0) - (ticks[0] ?? 0);
  return ticks.map((seconds) => {
    const text = new Date(seconds * 1000).toISOString();
    if (span >= DAY_S) return text.slice(5, 10);
    return span >= 60 ? text.slice(11, 16) : text.slice(11, 19);
  });
}
