import type { SpendableCoin } from '@calin/client/transaction-builder/opening.ts';
import { formatAmountText, NATIVE_DECIMALS } from '@calin/client/units/amount-text.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { Amount } from '../../../ui/amount.tsx';
import { shorten } from '../../../words/shorten.ts';

/** The name of a coin: its transaction and its place there. */
export function coinName({ outpoint: { txid, index } }: SpendableCoin): string {
  return `${toHex(txid)}:${index}`;
}

/** Coins as cards that can be chosen. */
export function CoinCards({
  label,
  coins,
  chosen,
  toggle,
}: {
  readonly label: string;
  readonly coins: readonly SpendableCoin[];
  readonly chosen?: ReadonlySet<string>;
  readonly toggle?: (name: string) => void;
}) {
  return (
    <fieldset className="min-w-0 space-y-1">
      <legend className="pb-1 text-sm text-soft">{label}</legend>
      <div className="flex min-h-16 flex-wrap gap-2">
        {coins.map((coin) => {
          const name = coinName(coin);
          return (
            <div
              key={name}
              className="flex items-center gap-2 rounded-lg border border-line bg-surface px-3 py-2 text-sm"
            >
              {toggle !== undefined && (
                <input
                  type="checkbox"
                  aria-label={`${formatAmountText(coin.amount, NATIVE_DECIMALS)} CALIN`}
                  checked={chosen?.has(name) === true}
                  onChange={() => toggle(name)}
                  className="size-4 accent-accent"
                />
              )}
              <span>
                <Amount units={coin.amount} />
                <span className="block font-mono text-soft text-xs">{shorten(name, 8, 8)}</span>
              </span>
            </div>
          );
        })}
        {coins.length === 0 && <span className="text-soft text-sm">none</span>}
      </div>
    </fieldset>
  );
}
