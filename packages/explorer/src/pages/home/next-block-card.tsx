import { Link } from '@tanstack/react-router';
import type { MempoolJson } from '../../node/shapes.ts';
import { formatCount, formatShare } from '../../words/format-units.ts';
import { fillBlock } from './fill-block.ts';

/** The block that would be made now, filled with what waits. */
export function NextBlockCard({
  pool,
  height,
  blockGasMax,
}: {
  readonly pool: MempoolJson | undefined;
  readonly height: number | undefined;
  readonly blockGasMax: number;
}) {
  const { transactions, gas } = fillBlock(pool?.entries ?? [], blockGasMax);
  const left = (pool?.transactions ?? 0) - transactions;
  return (
    <Link
      to="/mempool"
      className="relative z-10 flex h-36 w-32 shrink-0 flex-col justify-between overflow-hidden rounded-xl border-2 border-line border-dashed bg-surface p-3 transition-colors hover:border-accent"
    >
      <span
        aria-hidden
        className="absolute inset-x-0 bottom-0 bg-sunken transition-[height] duration-500"
        style={{ height: `${(100 * gas) / blockGasMax}%` }}
      />
      <span className="relative">
        <span className="caption block">Next block</span>
        <span className="font-semibold text-lg leading-6">
          {height === undefined ? '…' : formatCount(height + 1)}
        </span>
      </span>
      <span className="relative space-y-0.5">
        <span className="block text-sm">
          {formatCount(transactions)} <span className="text-soft">waiting</span>
        </span>
        <span className="caption block">{formatShare(gas, blockGasMax)} full</span>
        <span className="caption block">{left > 0 ? `${formatCount(left)} for later` : 'room for more'}</span>
      </span>
    </Link>
  );
}
