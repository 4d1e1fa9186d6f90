import type { BalanceJson } from '../../node/shapes.ts';
import { AssetAmount } from '../../ui/asset-amount.tsx';

const PARTS = [
  ['immature', 'in rewards that are not mature yet'],
  ['incoming', 'on its way here'],
  ['outgoing', 'on its way out'],
] as const;

/** What an address holds of each asset. */
export function BalanceList({ balances }: { readonly balances: readonly BalanceJson[] }) {
  return (
    <ul aria-label="Balances" className="space-y-2">
      {balances.map((balance) => (
        <li key={balance.asset}>
          <span className={balance.asset === 0 ? 'font-semibold text-2xl' : 'font-semibold text-lg'}>
            <AssetAmount asset={balance.asset} units={balance.confirmed} />
          </span>
          {PARTS.map(([part, words]) =>
            balance[part] === 0 ? null : (
              <span key={part} className="ml-4 inline-block text-sm">
                <AssetAmount asset={balance.asset} units={balance[part]} />{' '}
                <span className="text-soft">{words}</span>
              </span>
            ),
          )}
        </li>
      ))}
    </ul>
  );
}
