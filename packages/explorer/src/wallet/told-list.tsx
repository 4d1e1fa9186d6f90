import type { ToldTransaction } from '@calin/client/wallet/explain-on-chain.ts';
import { Icon } from '../ui/icon.tsx';

/** What a transaction does, and what to look at twice. */
export function ToldList({ told: { statements, warnings } }: { readonly told: ToldTransaction }) {
  return (
    <>
      <ul aria-label="What it does" className="space-y-1.5 text-sm">
        {statements.map((statement) => (
          <li key={statement} className="flex gap-2">
            <Icon name="forward" className="mt-0.5 size-4 text-soft" />
            <span className="min-w-0 break-words [overflow-wrap:anywhere]">{statement}</span>
          </li>
        ))}
      </ul>
      {warnings.length > 0 && (
        <ul aria-label="Look twice" className="space-y-2">
          {warnings.map(({ id, words }) => (
            <li
              key={words}
              data-warning={id}
              className="flex gap-2 rounded-xl bg-warn-soft px-4 py-2.5 text-sm text-warn"
            >
              <Icon name="warning" className="mt-0.5 size-4" />
              <span className="min-w-0 break-words [overflow-wrap:anywhere]">{words}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
