import { useQuery } from '@tanstack/react-query';
import { feeQuery } from '../../node/queries.ts';
import { Amount } from '../../ui/amount.tsx';
import { Figure } from '../../ui/figure.tsx';
import { formatDuration } from '../../words/format-time.ts';
import { formatBytes, formatCount } from '../../words/format-units.ts';
import { measurePace } from './chain-pace.ts';
import { useChainNow } from './use-chain-now.ts';

const UNKNOWN = '–';
/** The gas of a payment from one coin to somebody and back to oneself, by the default prices. */
const PAYMENT_GAS = 848;
const FINALITY = {
  depth: 'final by depth',
  votes: 'final by votes on checkpoints',
  'votes-each': 'final by votes on each block',
} as const;

/** The numbers that say how the chain is. */
export function ChainFigures() {
  const { status, blocks, pool } = useChainNow();
  const { data: fee } = useQuery(feeQuery(1));
  const pace = measurePace(blocks ?? []);
  return (
    <section
      aria-label="The chain in numbers"
      className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6"
    >
      <Figure name="Height" note={status === undefined ? '' : `${formatCount(status.coins)} coins`}>
        {status === undefined ? UNKNOWN : formatCount(status.head.height)}
      </Figure>
      <Figure name="Final" note={status === undefined ? '' : FINALITY[status.finality]}>
        {status === undefined ? UNKNOWN : formatCount(status.final.height)}
      </Figure>
      <Figure name="Between blocks" note={`over the last ${Math.max(0, (blocks?.length ?? 0) - 1)}`}>
        {pace.blockMs === undefined ? UNKNOWN : formatDuration(pace.blockMs)}
      </Figure>
      <Figure name="Per second" note="transactions">
        {pace.transactionsPerSecond === undefined ? UNKNOWN : formatRate(pace.transactionsPerSecond)}
      </Figure>
      <Figure name="Waiting" note={pool === undefined ? '' : formatBytes(pool.bytes)}>
        {pool === undefined ? UNKNOWN : formatCount(pool.transactions)}
      </Figure>
      <Figure
        name="A payment costs"
        note={
          fee === undefined
            ? ''
            : `${formatCount(fee.feePerGas)} a gas, ${formatCount(fee.baseFee)} of it burned`
        }
      >
        {fee === undefined ? UNKNOWN : <Amount units={fee.feePerGas * PAYMENT_GAS} />}
      </Figure>
    </section>
  );
}

function formatRate(perSecond: number): string {
  if (perSecond === 0) return '0';
  return perSecond < 10 ? perSecond.toPrecision(2) : formatCount(Math.round(perSecond));
}
