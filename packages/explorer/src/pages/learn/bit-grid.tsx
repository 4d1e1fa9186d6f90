import { bitsOf, countDifferentBits } from './bits.ts';

/** Bits in a row, the room of one, and its square, whose corners a line of its colour makes round. */
const [ROW, CELL, SQUARE] = [32, 10, 6];

/** How bits look that are ones or zeros, and others than before or not. */
const STYLES = {
  one: 'fill-ink stroke-ink',
  zero: 'fill-sunken stroke-line',
  'changed one': 'fill-accent stroke-accent',
  'changed zero': 'fill-accent-soft stroke-accent',
} as const;
const KINDS = Object.keys(STYLES) as readonly (keyof typeof STYLES)[];

/** The bits of a hash as squares; those that differ from an earlier hash are coloured. */
export function BitGrid({ bytes, before }: { readonly bytes: Uint8Array; readonly before?: Uint8Array }) {
  const bits = bitsOf(bytes);
  const old = before === undefined ? bits : bitsOf(before);
  const rows = Math.ceil(bits.length / ROW);
  const changed = before === undefined ? 0 : countDifferentBits(bytes, before);
  return (
    <figure className="max-w-xl">
      <svg viewBox={`0 0 ${ROW * CELL} ${rows * CELL}`} role="img" className="w-full">
        <title>{`${bits.length} bits, ${bits.filter(Boolean).length} of them ones`}</title>
        {KINDS.map((kind) => (
          <path
            key={kind}
            d={bits.map((bit, at) => (kindOf(bit, old[at]) === kind ? drawSquare(at) : '')).join('')}
            strokeWidth={1.5}
            strokeLinejoin="round"
            className={STYLES[kind]}
          />
        ))}
      </svg>
      <figcaption className="caption mt-1.5 min-h-4">
        {before !== undefined && `${changed} of ${bits.length} bits are others than before.`}
      </figcaption>
    </figure>
  );
}

function kindOf(bit: boolean, before: boolean | undefined): keyof typeof STYLES {
  const kind = bit ? 'one' : 'zero';
  return bit === before ? kind : `changed ${kind}`;
}

/** One path for all squares of a kind: 256 elements would be slow to draw and to read. */
function drawSquare(at: number): string {
  const [x, y] = [(at % ROW) * CELL + 2, Math.floor(at / ROW) * CELL + 2];
  return `M${x} ${y}h${SQUARE}v${SQUARE}h-${SQUARE}z`;
}
