import { Panel } from '../../ui/panel.tsx';
import { FollowedTransaction } from './followed-transaction.tsx';

/** Says on a page with other things that a transaction was handed in, and what becomes of it. */
export function SentNotice({
  txid,
  done,
}: {
  readonly txid: string;
  readonly done: (() => void) | undefined;
}) {
  return (
    <Panel title="Sent">
      <div className="space-y-3">
        <FollowedTransaction txid={txid} />
        {done !== undefined && (
          <button type="button" className="button" onClick={done}>
            Close
          </button>
        )}
      </div>
    </Panel>
  );
}
