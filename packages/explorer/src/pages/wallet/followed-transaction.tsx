import { useQuery } from '@tanstack/react-query';
import { statusQuery, transactionQuery } from '../../node/queries.ts';
import { HeightLink } from '../../ui/height-link.tsx';
import { Icon } from '../../ui/icon.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Pill } from '../../ui/pill.tsx';
import { formatCount } from '../../words/format-units.ts';

/** A transaction that the node took, followed until a block holds it and after. */
export function FollowedTransaction({ txid }: { readonly txid: string }) {
  const { data, error } = useQuery(transactionQuery(txid));
  const { data: status } = useQuery(statusQuery);
  const block = data?.block;
  const above = block && status ? status.head.height - block.height : 0;
  return (
    <div className="space-y-3 text-sm">
      <p aria-live="polite" className="flex flex-wrap items-center gap-2">
        {block ? (
          <>
            <Pill tone="good">
              <Icon name="check" className="size-3.5" /> In a block
            </Pill>
            <span>
              Block <HeightLink height={block.height} /> holds it
              {above > 0 && `, with ${formatCount(above)} more on top`}.
            </span>
          </>
        ) : (
          <>
            <Pill tone="warn">
              <Icon name="pending" className="size-3.5" /> Waiting
            </Pill>
            <span>The node has taken it. It waits for the next block.</span>
          </>
        )}
      </p>
      {error !== null && (
        <Notice title="The node does not know it any more." tone="warn">
          It was replaced or has expired, and moved nothing. The coins are free again.
        </Notice>
      )}
      <p>
        Transaction <NameLink kind="transaction" name={txid} />
      </p>
    </div>
  );
}
