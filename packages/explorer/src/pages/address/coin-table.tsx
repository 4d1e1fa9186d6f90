import type { CoinJson } from '../../node/shapes.ts';
import { AssetAmount } from '../../ui/asset-amount.tsx';
import { HeightLink } from '../../ui/height-link.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Table } from '../../ui/table.tsx';
import { formatCount } from '../../words/format-units.ts';

const COLUMNS = ['Output', 'In block', 'State', '>Amount'];

/** The coins of an address. */
export function CoinTable({
  coins,
  hasMore,
  nextHeight,
}: {
  readonly coins: readonly CoinJson[];
  readonly hasMore: boolean;
  /** Of the block that could spend them first. */
  readonly nextHeight: number;
}) {
  return (
    <Panel title="Coins" aside={hasMore ? `the first ${coins.length}` : formatCount(coins.length)} isFlush>
      {coins.length === 0 ? (
        <p className="px-4 pb-4 text-sm text-soft sm:px-5">
          No coins. What is paid to this address appears here with its block.
        </p>
      ) : (
        <Table label="Coins" columns={COLUMNS}>
          {coins.map((coin) => (
            <tr key={`${coin.outpoint.txid}:${coin.outpoint.index}`}>
              <td className="whitespace-nowrap">
                <NameLink kind="transaction" name={coin.outpoint.txid} />
                <span className="text-soft">:{coin.outpoint.index}</span>
              </td>
              <td>
                <HeightLink height={coin.height} />
              </td>
              <td>{stateOf(coin, nextHeight)}</td>
              <td className="text-right">
                <AssetAmount asset={coin.asset} units={coin.amount} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

function stateOf({ spentInPool, spendableHeight, reward }: CoinJson, nextHeight: number) {
  if (spentInPool) return <Pill tone="warn">Being spent</Pill>;
  if (spendableHeight > nextHeight)
    return <Pill tone="accent">Mature at {formatCount(spendableHeight)}</Pill>;
  return <span className="text-soft">{reward ? 'reward' : 'free'}</span>;
}
