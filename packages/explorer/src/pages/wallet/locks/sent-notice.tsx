import { useQuery } from '@tanstack/react-query';
import { transactionQuery } from '../../../node/queries.ts';
import { HeightLink } from '../../../ui/height-link.tsx';
import { NameLink } from '../../../ui/name-link.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Pill } from '../../../ui/pill.tsx';

/** A transaction that was handed in, until it is in a block and after. */
export function SentNotice({
  txid,
  done,
}: {
  readonly txid: string;
  readonly done: (() => void) | undefined;
}) {
  const { data: found } = useQuery(transactionQuery(txid));
  const block = found?.block ?? null;
  return (
    <Panel
      title="Sent"
      aside={
        block === null ? <Pill tone="accent">Waits for a block</Pill> : <Pill tone="good">In a block</Pill>
      }
    >
      <div className="space-y-3 text-sm">
        <p role="status">
          <NameLink kind="transaction" name={txid} />{' '}
          {block === null ? (
            'is on its way.'
          ) : (
            <>
              is in block <HeightLink height={block.height} />.
            </>
          )}
        </p>
        {done !== undefined && (
          <button type="button" className="button" onClick={done}>
            Close
          </button>
        )}
      </div>
    </Panel>
  );
}
