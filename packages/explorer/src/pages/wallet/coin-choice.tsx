import { keyOpening } from '@calin/client/wallet/build-payment.ts';
import { spendableCoins } from '@calin/client/wallet/spendable-coins.ts';
import type { WalletAccount } from '@calin/client/wallet/wallet-document.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { LIVE } from '../../node/queries.ts';
import { RefusedCall } from '../../node/rpc.ts';
import { AssetAmount } from '../../ui/asset-amount.tsx';
import { coinName } from '../../wallet/send-order.ts';
import { useWallet } from '../../wallet/wallet-context.tsx';
import { shorten } from '../../words/shorten.ts';

/** Coins that are listed, the largest first. */
const LISTED_MAX = 100;

/** Lets a person choose which coins are spent, so that coins of different people are not joined. */
export function CoinChoice({
  account,
  asset,
  chosen,
  choose,
}: {
  readonly account: WalletAccount;
  readonly asset: number;
  readonly chosen: ReadonlySet<string> | undefined;
  readonly choose: (chosen: ReadonlySet<string> | undefined) => void;
}) {
  const { chain } = useWallet();
  const [isOpen, setIsOpen] = useState(false);
  const { data } = useQuery({
    queryKey: [LIVE, 'spendable', account.name, account.index],
    enabled: isOpen,
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const found = await spendableCoins(chain, keyOpening(account));
      if (!found.ok) throw new RefusedCall(found.error);
      return found.value.spendable;
    },
  });
  const coins = (data ?? []).filter((coin) => coin.asset === 0 || coin.asset === asset);
  const toggle = (name: string) => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    choose(next.size === 0 ? undefined : next);
  };
  return (
    <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)} className="text-sm">
      <summary className="cursor-pointer text-soft">
        {chosen === undefined ? 'Choose the coins yourself' : `${chosen.size} coins chosen`}
      </summary>
      <fieldset className="space-y-1.5 pt-3">
        <legend className="caption pb-1">
          The ticked coins are spent, all of them and no others. Without a tick the wallet chooses.
        </legend>
        {data !== undefined && coins.length === 0 && <p className="text-soft">There is no coin to spend.</p>}
        {coins.slice(0, LISTED_MAX).map((coin) => {
          const name = coinName(coin);
          return (
            <label key={name} className="flex items-center justify-between gap-3">
              <span className="flex items-center gap-2">
                <input type="checkbox" checked={chosen?.has(name) === true} onChange={() => toggle(name)} />
                <span className="font-mono text-xs">{shorten(name, 8, 6)}</span>
              </span>
              <AssetAmount asset={coin.asset} units={coin.amount} />
            </label>
          );
        })}
        {coins.length > LISTED_MAX && (
          <p className="caption">
            These are the {LISTED_MAX} largest of {coins.length}.
          </p>
        )}
      </fieldset>
    </details>
  );
}
