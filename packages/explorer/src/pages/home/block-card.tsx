import { Link } from '@tanstack/react-router';
import type { BlockSummary } from '../../node/block-summaries.ts';
import { Age } from '../../ui/age.tsx';
import { Icon } from '../../ui/icon.tsx';
import { formatCount, formatShare } from '../../words/format-units.ts';

/** A block of the strip, filled as far as its gas goes. */
export function BlockCard({
  block,
  isFinal,
  blockGasMax,
}: {
  readonly block: BlockSummary;
  readonly isFinal: boolean;
  readonly blockGasMax: number;
}) {
  const { height, gasUsed, timeMs } = block.header;
  const payments = block.transactions - 1;
  return (
    <Link
      to="/block/$block"
      params={{ block: String(height) }}
      className="panel relative flex h-36 w-32 shrink-0 flex-col justify-between overflow-hidden p-3 transition-colors hover:border-accent"
    >
      <span
        aria-hidden
        className="absolute inset-x-0 bottom-0 bg-accent-soft"
        style={{ height: `${Math.max(3, (100 * gasUsed) / blockGasMax)}%` }}
      />
      <span className="relative flex items-start justify-between">
        <span className="font-semibold text-accent text-lg leading-6">{formatCount(height)}</span>
        {isFinal && <Icon name="lock" label="Final" className="mt-1 size-3.5 text-good" />}
      </span>
      <span className="relative space-y-0.5">
        <span className="block text-sm">
          {formatCount(Math.max(0, payments))}{' '}
          <span className="text-soft">{payments === 1 ? 'transaction' : 'transactions'}</span>
        </span>
        <span className="caption block">{formatShare(gasUsed, blockGasMax)} full</span>
        <span className="caption block">
          <Age timeMs={timeMs} />
        </span>
      </span>
    </Link>
  );
}
