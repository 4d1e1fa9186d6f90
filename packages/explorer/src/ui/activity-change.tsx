import type { ActivityJson } from '../node/shapes.ts';
import { Amount } from './amount.tsx';
import { Pill } from './pill.tsx';

/** What kind of thing happened to an address. */
export function ActivityKind({ entry: { reward, direction } }: { readonly entry: ActivityJson }) {
  if (reward) return <Pill tone="good">Reward</Pill>;
  if (direction === 'in') return <Pill tone="good">Received</Pill>;
  return direction === 'out' ? <Pill>Sent</Pill> : <Pill>To itself</Pill>;
}

/** What the address has more or less by it: received without what it sent itself. */
export function ActivityChange({ entry }: { readonly entry: ActivityJson }) {
  const { received, sent, symbol, decimals } = entry;
  const units = Math.abs(received - sent);
  const unit = symbol === null ? {} : { unit: { symbol, decimals } };
  return (
    <span className={received > sent ? 'text-good' : ''}>
      {received > sent ? '+' : received < sent ? '−' : ''}
      <Amount units={units} {...unit} />
    </span>
  );
}
