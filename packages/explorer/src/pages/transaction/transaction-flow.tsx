import { useQuery } from '@tanstack/react-query';
import { sourcesQuery } from '../../node/queries.ts';
import type { FoundTransaction } from '../../node/shapes.ts';
import { Loading } from '../../ui/loading.tsx';
import { Panel } from '../../ui/panel.tsx';
import { FlowPicture } from './flow-picture.tsx';
import { layoutFlow } from './layout-flow.ts';

/** How coins flow in a transaction, drawn. */
export function TransactionFlow({ found: { transaction, block } }: { readonly found: FoundTransaction }) {
  const { data: sources } = useQuery(sourcesQuery(transaction));
  const { inputs, outputs } = transaction;
  const isReward = inputs.length === 0;
  const fee = block === null ? feeOf(sources, outputs) : block.receipt.fee;
  const burned = isReward ? 0 : (block?.receipt.burned ?? 0);
  return (
    <Panel title="Flow of coins" aside={isReward ? undefined : 'streams are as wide as their amounts'}>
      {sources === undefined ? (
        <Loading lines={5} />
      ) : (
        <FlowPicture
          flow={layoutFlow({
            inputs,
            sources,
            outputs,
            burned,
            tip: isReward ? 0 : Math.max(0, fee - burned),
          })}
        />
      )}
    </Panel>
  );
}

interface Coin {
  readonly asset: number;
  readonly amount: number;
}

/** What a waiting transaction pays: what it spends and does not give on. Stake that it ties counts as given. */
function feeOf(sources: readonly (Coin | null)[] | undefined, outputs: readonly Coin[]): number {
  if (sources === undefined || sources.includes(null)) return 0;
  const native = (coins: readonly (Coin | null)[]) =>
    coins.reduce((sum, coin) => sum + (coin?.asset === 0 ? coin.amount : 0), 0);
  return Math.max(0, native(sources) - native(outputs));
}
