import { type Lock, spendPaths } from '@calin/core/primitives/lock.ts';
import type { CoinJson } from '../../../node/shapes.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { useWallet } from '../../../wallet/wallet-context.tsx';
import { KeyLine } from './key-line.tsx';
import { conditionWords, pathTitle, signersWords } from './lock-words.ts';
import { nameKey } from './name-keys.ts';
import { pathState, stateWords } from './path-state.ts';

/** Who spends from a lock, by each of its ways, and from when on. */
export function PathsPanel({
  lock,
  coins,
  hasMore,
}: {
  readonly lock: Lock;
  readonly coins: readonly CoinJson[];
  /** True when the lock has more coins than these. */
  readonly hasMore: boolean;
}) {
  const { document, chain } = useWallet();
  const { head } = chain.status;
  const nextBlock = { height: head.height + 1, timeMs: head.timeMs };
  return (
    <Panel title="Who may spend" aside={hasMore ? `told by the first ${coins.length} coins` : undefined}>
      <ul aria-label="Ways to spend" className="divide-y divide-line">
        {spendPaths(lock).map((path, i) => {
          const state = pathState(path, coins, nextBlock);
          const condition = conditionWords(path.condition);
          const isOpen = state.open > 0;
          return (
            <li key={pathTitle(lock, i)} className="space-y-2 py-3 text-sm first:pt-0 last:pb-0">
              <h3 className="font-semibold">{pathTitle(lock, i)}</h3>
              <p>
                {condition !== undefined && `${condition} `}
                {signersWords(path)}
              </p>
              <ul className="space-y-1">
                {path.publicKeys.map((key) => {
                  const named = nameKey(key, document);
                  return (
                    <li key={named.hex}>
                      <KeyLine named={named} />
                    </li>
                  );
                })}
              </ul>
              <p className={`flex items-start gap-1.5 ${isOpen ? 'text-good' : 'text-soft'}`}>
                <Icon name={isOpen ? 'check' : 'clock'} className="mt-0.5 size-4" />
                {stateWords(state, nextBlock)}
              </p>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
