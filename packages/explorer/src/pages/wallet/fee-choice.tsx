import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { feeQuery } from '../../node/queries.ts';
import { Amount } from '../../ui/amount.tsx';
import { Panel } from '../../ui/panel.tsx';
import { FEE_SPEEDS, usualGas } from '../../wallet/send-order.ts';
import { useWallet } from '../../wallet/wallet-context.tsx';

/** How soon a payment should be in a block, and what a usual one costs then. */
export function FeeChoice() {
  const { chain } = useWallet();
  const gas = useMemo(() => usualGas(chain.spec), [chain.spec]);
  const estimates = useQueries({ queries: FEE_SPEEDS.map(({ targetBlocks }) => feeQuery(targetBlocks)) });
  return (
    <Panel title="Fee" aside="of a usual payment">
      <fieldset className="space-y-1">
        <legend className="sr-only">How soon</legend>
        {FEE_SPEEDS.map(({ speed, words }, i) => {
          const perGas = estimates[i]?.data?.feePerGas;
          return (
            <label
              key={speed}
              className="flex cursor-pointer items-center justify-between gap-3 rounded-lg px-2 py-1.5 text-sm hover:bg-sunken has-checked:bg-sunken"
            >
              <span className="flex items-center gap-2">
                <input type="radio" name="fee" value={speed} defaultChecked={speed === 'normal'} />
                <span>
                  <span className="font-medium">{speed}</span> <span className="text-soft">{words}</span>
                </span>
              </span>
              {perGas === undefined ? <span className="text-soft">…</span> : <Amount units={perGas * gas} />}
            </label>
          );
        })}
      </fieldset>
    </Panel>
  );
}
