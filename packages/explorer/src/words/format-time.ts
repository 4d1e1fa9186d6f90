const DAY_MS = 86_400_000;
const UNITS = [
  ['d', DAY_MS],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** A duration by its largest unit, or its two largest while the first is small: `42 s`, `1 h 5 min`, `12 d`. */
export function formatDuration(ms: number): string {
  const at = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  const [name, unitMs] = UNITS[at] ?? [];
  if (name === undefined) return `${Math.max(0, Math.round(ms))} ms`;
  const count = Math.floor(ms / unitMs);
  const [restName, restMs] = UNITS[at + 1] ?? [];
  const rest = restName === undefined || name === 'min' ? 0 : Math.floor((ms - count * unitMs) / restMs);
  return rest === 0 || count >= 3 ? `${count} ${name}` : `${count} ${name} ${rest} ${restName}`;
}

/** How long ago something was, or in how long it will be. Below a second it is now. */
export function formatAge(timeMs: number, nowMs: number): string {
  const ago = nowMs - timeMs;
  if (Math.abs(ago) < 1000) return 'now';
  return ago > 0 ? `${formatDuration(ago)} ago` : `in ${formatDuration(-ago)}`;
}

/** A moment in full, in UTC: `2026-11-21 20:15:04 UTC`. */
export function formatMoment(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
