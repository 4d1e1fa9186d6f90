/** Width of every chart: fits the text column of a page on GitHub. */
export const CHART_WIDTH = 760;

/** Colours by what they stand for; each chart carries them, for light and for dark pages. */
const STYLE = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: #1d2430; }
  .title { font-size: 15px; font-weight: 600; }
  .small { font-size: 11.5px; }
  .muted { fill: #667085; }
  .strong { font-weight: 600; }
  .page { fill: #ffffff; stroke: #e3e7ee; }
  .track { fill: #f0f2f6; }
  .own { fill: #3566e8; }
  .own-line { fill: none; stroke: #3566e8; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round; }
  .short { fill: #d9822b; }
  .peer { fill: #b4bccb; }
  .part-1 { fill: #3566e8; }
  .part-2 { fill: #14a38b; }
  .part-3 { fill: #e2a52e; }
  .part-4 { fill: #9a6fe0; }
  .part-5 { fill: #b4bccb; }
  .grid { stroke: #e3e7ee; stroke-width: 1; }
  .bar { stroke: #1d2430; stroke-width: 2; }
  .aim { stroke: #1d2430; stroke-width: 2; stroke-dasharray: 2 3; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4e8f0; }
    .muted { fill: #98a2b3; }
    .page { fill: #12161d; stroke: #2a313d; }
    .track { fill: #1f2631; }
    .own, .part-1 { fill: #6f97ff; }
    .own-line { stroke: #6f97ff; }
    .short { fill: #f0a24f; }
    .peer, .part-5 { fill: #4c5667; }
    .part-2 { fill: #2fc4aa; }
    .part-3 { fill: #e8b850; }
    .part-4 { fill: #b795f2; }
    .grid { stroke: #2a313d; }
    .bar, .aim { stroke: #e4e8f0; }
  }`;

/** A chart around its shapes. `description` is what somebody hears who does not see it. */
export function svg(height: number, description: string, shapes: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${CHART_WIDTH} ${height}" width="${CHART_WIDTH}" height="${height}" role="img" aria-label="${escapeXml(description)}">
<style>${STYLE}
</style>
<rect class="page" x="0.5" y="0.5" width="${CHART_WIDTH - 1}" height="${height - 1}" rx="10"/>
${shapes.join('\n')}
</svg>
`;
}

/** A line of text; `y` is its base line. */
export function text(
  x: number,
  y: number,
  content: string,
  {
    style = '',
    anchor = 'start',
  }: { readonly style?: string; readonly anchor?: 'start' | 'middle' | 'end' } = {},
): string {
  return `<text x="${number(x)}" y="${number(y)}" class="${style}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
}

/** A filled rectangle with slightly round corners. */
export function rect(style: string, x: number, y: number, width: number, height: number, radius = 3): string {
  const size = `width="${number(width)}" height="${number(height)}"`;
  return `<rect class="${style}" x="${number(x)}" y="${number(y)}" ${size} rx="${radius}"/>`;
}

/** A straight line. */
export function line(style: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${style}" x1="${number(x1)}" y1="${number(y1)}" x2="${number(x2)}" y2="${number(y2)}"/>`;
}

/** Coordinates with a tenth of a pixel: the file must not change with the last bits of a division. */
export function number(value: number): string {
  return String(Number(value.toFixed(1)));
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** A number as people read it: three digits that tell something, thousands apart. */
export function readable(value: number): string {
  const digits = value >= 100 || value === 0 ? 0 : value >= 10 ? 1 : 2;
  const [whole = '', fraction] = value.toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
