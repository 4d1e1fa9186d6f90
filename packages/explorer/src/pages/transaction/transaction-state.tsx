import type { FoundTransaction } from '../../node/shapes.ts';
import { Icon } from '../../ui/icon.tsx';
import { Pill } from '../../ui/pill.tsx';
import { formatCount } from '../../words/format-units.ts';

/** Where a transaction is, and how sure that is. */
export function TransactionState({
  found: { block },
  finalHeight,
}: {
  readonly found: FoundTransaction;
  readonly finalHeight: number;
}) {
  if (block === null) {
    return (
      <Pill tone="warn" title="It waits for a block and may still be replaced or expire.">
        <Icon name="clock" className="size-3" /> Waiting
      </Pill>
    );
  }
  if (block.height <= finalHeight) {
    return (
      <Pill tone="good" title="Its block can no longer be undone.">
        <Icon name="lock" className="size-3" /> Final
      </Pill>
    );
  }
  return (
    <Pill tone="accent" title="Its block may still be replaced by another branch.">
      {formatCount(block.confirmations)} {block.confirmations === 1 ? 'confirmation' : 'confirmations'}
    </Pill>
  );
}
