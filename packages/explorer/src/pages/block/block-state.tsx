import { useQuery } from '@tanstack/react-query';
import { nextBlockQuery } from '../../node/queries.ts';
import type { HeaderJson, NodeStatus } from '../../node/shapes.ts';
import { Icon } from '../../ui/icon.tsx';
import { Pill } from '../../ui/pill.tsx';
import { formatCount } from '../../words/format-units.ts';

/** How sure it is that a block stays. */
export function BlockState({
  header,
  status,
}: {
  readonly header: HeaderJson;
  readonly status: NodeStatus | undefined;
}) {
  const { data: atHeight } = useQuery(nextBlockQuery(header.height));
  if (status === undefined) return null;
  if (atHeight !== undefined && atHeight !== null && atHeight.id !== header.id) {
    return (
      <Pill tone="warn" title="Another block of this height is on the best branch.">
        Left behind
      </Pill>
    );
  }
  if (header.height <= status.final.height) {
    return (
      <Pill tone="good" title="It can no longer be undone.">
        <Icon name="lock" className="size-3" /> Final
      </Pill>
    );
  }
  const after = Math.max(0, status.head.height - header.height);
  return (
    <Pill tone="accent" title="It may still be replaced by another branch.">
      {after === 0 ? 'Newest' : `${formatCount(after)} ${after === 1 ? 'block' : 'blocks'} after it`}
    </Pill>
  );
}
