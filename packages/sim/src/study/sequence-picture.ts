import { escapeHtml, label, line, short } from '../html/svg.ts';
import type { RecordedFlight, RecordedMark, RecordedScene } from './flight-recorder.ts';
import { MESSAGE_US } from './study-network.ts';

const WIDTH = 1000;
const LEFT = 46;
const RIGHT = 24;
const TOP = 62;
const ROW = 46;

/** A pause longer than this is drawn as long as this: most of the time nothing happens. */
const PAUSE_US = 2 * MESSAGE_US;

/** Steps of time of one picture: more cannot be told apart. */
const STEPS_MAX = 26;

/** A drawing with its height; it is {@link SEQUENCE_WIDTH} wide. */
export interface SequencePicture {
  readonly height: number;
  readonly parts: readonly string[];
}

/** How wide every drawing is. */
export const SEQUENCE_WIDTH: number = WIDTH;

/**
 * Messages between machines, as papers draw them: a line for each machine, time to the right, an arrow for each
 * message. What is said at a time stands above it.
 */
export function sequencePicture({ flights, marks }: RecordedScene): SequencePicture {
  const shown = firstSteps(flights);
  const lastUs = Math.max(...shown.map(({ arrivedUs }) => arrivedUs));
  const shownMarks = marks.filter(({ atUs }) => atUs <= lastUs);
  const x = timeScale([...shown.flatMap((one) => [one.sentUs, one.arrivedUs]), ...shownMarks.map(atOf)]);
  const names = namesOf(shown, shownMarks);
  const y = (name: string) => TOP + ROW * names.indexOf(name);
  const bottom = TOP + ROW * (names.length - 1);
  const parts = names.flatMap((name) => [
    line(LEFT, y(name), WIDTH - RIGHT, y(name), 'life'),
    label(LEFT - 8, y(name) + 4, name, 'end'),
  ]);
  parts.push(...phases(shown, x, bottom));
  for (const { from, to, kind, text, sentUs, arrivedUs } of shown) {
    const ends = [x(sentUs), y(from), x(arrivedUs), y(to)] as const;
    const coordinates = ends.map(short);
    const [x1, y1, x2, y2] = coordinates;
    const title = `<title>${escapeHtml(`${from} to ${to}: ${text}`)}</title>`;
    parts.push(
      `<line class="arrow ${colourOf(kind)}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" marker-end="url(#tip)">${title}</line>`,
    );
  }
  for (const mark of shownMarks) parts.push(dot(mark, x(mark.atUs), y(mark.machine)));
  return { height: bottom + 30, parts: [TIP, ...parts] };
}

const TIP =
  '<defs><marker id="tip" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path class="tip" d="M0 0.8 8 4 0 7.2z"/></marker></defs>';

const atOf = ({ atUs }: RecordedMark) => atUs;

/** The flights of the first times at which something was sent. */
function firstSteps(flights: readonly RecordedFlight[]): readonly RecordedFlight[] {
  const times = [...new Set(flights.map(({ sentUs }) => sentUs))].toSorted((a, b) => a - b);
  const endUs = times[STEPS_MAX] ?? Number.POSITIVE_INFINITY;
  return flights.filter(({ sentUs }) => sentUs < endUs);
}

/** Where each time lies: pauses are shortened. */
function timeScale(all: readonly number[]): (atUs: number) => number {
  const times = [...new Set(all)].toSorted((a, b) => a - b);
  const places = new Map<number, number>();
  let place = 0;
  let last = times[0] ?? 0;
  for (const atUs of times) {
    place += Math.min(PAUSE_US, atUs - last);
    places.set(atUs, place);
    last = atUs;
  }
  const share = (WIDTH - LEFT - RIGHT - 20) / Math.max(1, place);
  return (atUs) => LEFT + 10 + share * (places.get(atUs) ?? 0);
}

/** Nodes first, then clients. */
function namesOf(flights: readonly RecordedFlight[], marks: readonly RecordedMark[]): readonly string[] {
  const names = new Set([
    ...flights.flatMap(({ from, to }) => [from, to]),
    ...marks.map(({ machine }) => machine),
  ]);
  const rank = (name: string) => `${name.startsWith('c') ? 0 : 1}${name}`;
  return [...names].toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** Rows of words above a drawing, and about how wide a character of them is. */
const WORD_ROWS = 3;
const CHARACTER = 6.3;

/** What is said at each time, above it where words do not cover each other; where they would, they are left out. */
function phases(
  flights: readonly RecordedFlight[],
  x: (atUs: number) => number,
  bottom: number,
): readonly string[] {
  const kinds = new Map<number, Set<string>>();
  for (const { sentUs, kind } of flights) {
    kinds.set(sentUs, (kinds.get(sentUs) ?? new Set()).add(kind));
  }
  const ends = Array.from({ length: WORD_ROWS }, () => 0);
  return [...kinds]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([atUs, said]) => {
      const at = x(atUs);
      const text = [...said].slice(0, 2).join(', ');
      const end = at + CHARACTER * text.length + 6;
      const row = end > WIDTH ? -1 : ends.findIndex((one) => one <= at);
      if (row < 0) return [];
      ends[row] = end;
      return [line(at, TOP - 12, at, bottom + 8, 'grid'), label(at, TOP - 18 - 15 * row, text)];
    });
}

function dot({ machine, kind, atUs }: RecordedMark, x: number, y: number): string {
  const title = `<title>${escapeHtml(`${machine} ${kind} at ${atUs / 1000} ms`)}</title>`;
  return `<circle class="${kind}" cx="${short(x)}" cy="${short(y)}" r="4.5">${title}</circle>`;
}

/** Three colours: what clients say and hear, what decides, and what replaces a leader. */
function colourOf(kind: string): string {
  if (kind === 'request' || kind === 'answer') return 'client';
  const isChange = ['request-vote', 'vote', 'view-change', 'new-view', 'fetch', 'state'].includes(kind);
  return isChange ? 'change' : 'normal';
}

/** Classes of a drawing: a light and a dark ground. */
export const SEQUENCE_STYLE = `
.life { stroke: var(--dim); stroke-width: 1; } .tip { fill: var(--dim); }
.arrow { stroke-width: 1.2; opacity: .8; } .normal { stroke: var(--good); } .client { stroke: var(--dim); }
.change { stroke: var(--bad); } .decided { fill: var(--held); } .suspects { fill: var(--bad); }
.leads { fill: var(--good); } .dot.decided { background: var(--held); } .dot.suspects { background: var(--bad); }
.dot.leads { background: var(--good); }
`;

const COLOURS = `svg { --ink: #1c2430; --dim: #5b6678; --paper: #fff; --soft: #dfe4ec; --good: #2563eb; --bad: #dc2626;
  --held: #15803d; }
@media (prefers-color-scheme: dark) { svg { --ink: #e3e8f0; --dim: #98a4b8; --paper: #11151c; --soft: #2b3442;
  --good: #60a5fa; --bad: #f87171; --held: #4ade80; } }
text { font: 12px system-ui, sans-serif; fill: var(--dim); } .grid { stroke: var(--soft); stroke-width: 1; }
.ground { fill: var(--paper); }`;

/** A scene as a file of its own, for pages that cannot hold drawings. */
export function sequenceFile(scene: RecordedScene, title: string): string {
  const { height, parts } = sequencePicture(scene);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(title)}">`,
    `<style>${COLOURS}${SEQUENCE_STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${height}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}
