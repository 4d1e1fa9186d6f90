/** A text as it stands in HTML or in an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);
}

/** A number with one decimal at most, as coordinates need it. */
export function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A picture of a size, scaled to the width of the page; on a narrow one it is moved sideways and stays readable. */
export function picture(width: number, height: number, title: string, parts: readonly string[]): string {
  const head = `<div class="wide"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">`;
  return [head, ...parts, '</svg></div>'].join('\n');
}

/** What the colours mean: classes of the page's style with a word for each. */
export function legend(entries: readonly (readonly [string, string])[]): string {
  const items = entries.map(
    ([name, meaning]) => `<span><i class="dot ${name}"></i>${escapeHtml(meaning)}</span>`,
  );
  return `<p class="note">${items.join(' ')}</p>`;
}

/** A text in a picture. */
export function label(
  x: number,
  y: number,
  text: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  return `<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}">${escapeHtml(text)}</text>`;
}

/** A straight line of a class of the page's style. */
export function line(x1: number, y1: number, x2: number, y2: number, name: string): string {
  return `<line class="${name}" x1="${short(x1)}" y1="${short(y1)}" x2="${short(x2)}" y2="${short(y2)}"/>`;
}

/** A line through many points. */
export function path(points: readonly (readonly [number, number])[], name: string): string {
  const text = points.map(([x, y]) => `${short(x)},${short(y)}`).join(' ');
  return `<polyline class="${name}" points="${text}"/>`;
}

/** A span of time for a person, such as `86 ms`, `4 s` and `18.4 s`. */
export function formatMs(ms: number): string {
  if (ms < 1000) return `${ms < 10 ? short(ms) : Math.round(ms)} ms`;
  return ms < 100_000 ? `${short(ms / 1000)} s` : `${Math.round(ms / 1000)} s`;
}

/** About `count` round numbers from 0 to a maximum, the first one 0. */
export function ticks(max: number, count: number): readonly number[] {
  if (max <= 0) return [0];
  const rough = max / count;
  let step = 1;
  for (; step > rough; step /= 10);
  for (; step * 10 <= rough; step *= 10);
  const factor = [1, 2, 5, 10].find((one) => step * one >= rough) ?? 10;
  const all: number[] = [];
  for (let i = 0; i * step * factor <= max * 1.000_001; i++) all.push(i * step * factor);
  return all;
}
