import { FollowedTransaction } from './followed-transaction.tsx';
import { Step } from './step.tsx';

/** A payment that was sent, and the way to the next one. */
export function FollowedPayment({
  txid,
  title,
  another,
}: {
  readonly txid: string;
  readonly title: string;
  readonly another: () => void;
}) {
  return (
    <div className="mx-auto max-w-2xl">
      <Step title={title}>
        <FollowedTransaction txid={txid} />
        <button type="button" className="button" onClick={another}>
          Send another
        </button>
      </Step>
    </div>
  );
}
