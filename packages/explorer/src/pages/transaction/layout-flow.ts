import type { OutputJson } from '../../node/shapes.ts';

/** One coin of the picture: where it comes from or goes to, and how wide its stream is. */
export interface FlowRow {
  readonly key: string;
  readonly kind: 'coin' | 'unknown' | 'created' | 'burned' | 'tip' | 'rest';
  /** Undefined for what is no coin. */
  readonly address?: string;
  readonly asset: number;
  readonly amount: number;
  /** A transaction to look at for it: the one that created a coin that is spent. */
  readonly txid?: string;
  /** Pixels. */
  readonly thickness: number;
}

/** Both sides of the picture. */
export interface Flow {
  readonly from: readonly FlowRow[];
  readonly to: readonly FlowRow[];
}

interface FlowInput {
  readonly inputs: readonly { readonly txid: string; readonly index: number }[];
  /** The coins that the inputs name, as far as they are known; null where not. */
  readonly sources: readonly (OutputJson | null)[];
  readonly outputs: readonly OutputJson[];
  /** Hugs; both 0 for a reward. */
  readonly burned: number;
  readonly tip: number;
}

/** Rows of a side; the last one stands for all that do not fit. */
const ROWS_MAX = 12;
/** Pixels of the widest stream, and of the narrowest that can still be seen. */
const [THICKEST, THINNEST] = [26, 2];

type Bare = Omit<FlowRow, 'thickness'>;

/** Lays out where coins come from and where they go; streams of the native coin are as wide as their amounts. */
export function layoutFlow({ inputs, sources, outputs, burned, tip }: FlowInput): Flow {
  const from: Bare[] = inputs.map(({ txid, index }, i) => {
    const source = sources[i];
    const key = `${txid}:${index}`;
    return source === null || source === undefined
      ? { key, kind: 'unknown', asset: 0, amount: 0, txid }
      : { key, kind: 'coin', ...source, txid };
  });
  const to: Bare[] = outputs.map((output, i) => ({ key: `output ${i}`, kind: 'coin', ...output }));
  from.push(...createdRows(from, outputs));
  if (tip > 0) to.push({ key: 'tip', kind: 'tip', asset: 0, amount: tip });
  if (burned > 0) to.push({ key: 'burned', kind: 'burned', asset: 0, amount: burned });
  const sides = [fold(from), fold(to)];
  const most = Math.max(1, ...sides.map((side) => nativeOf(side)));
  const [left = [], right = []] = sides.map((side) => side.map((row) => withThickness(row, most)));
  return { from: left, to: right };
}

/** What comes from nowhere: a reward, and tokens that are made. Not told where a coin that is spent is not known. */
function createdRows(from: readonly Bare[], outputs: readonly OutputJson[]): readonly Bare[] {
  if (from.some(({ kind }) => kind === 'unknown')) return [];
  const assets = [...new Set(outputs.map(({ asset }) => asset))];
  return assets.flatMap((asset) => {
    const of = (coins: readonly Pick<Bare, 'asset' | 'amount'>[]) =>
      coins.reduce((sum, coin) => sum + (coin.asset === asset ? coin.amount : 0), 0);
    const amount = of(outputs) - of(from);
    const isNew = amount > 0 && (asset !== 0 || from.length === 0);
    return isNew ? [{ key: `created ${asset}`, kind: 'created' as const, asset, amount }] : [];
  });
}

function fold(rows: readonly Bare[]): readonly Bare[] {
  if (rows.length <= ROWS_MAX) return rows;
  const hidden = rows.slice(ROWS_MAX - 1);
  const amount = nativeOf(hidden);
  return [...rows.slice(0, ROWS_MAX - 1), { key: `${hidden.length} more`, kind: 'rest', asset: 0, amount }];
}

function nativeOf(rows: readonly Bare[]): number {
  return rows.reduce((sum, { asset, amount }) => sum + (asset === 0 ? amount : 0), 0);
}

function withThickness(row: Bare, most: number): FlowRow {
  const share = row.asset === 0 ? row.amount / most : 0;
  return { ...row, thickness: Math.max(THINNEST, share * THICKEST) };
}
