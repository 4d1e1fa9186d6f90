import type { ToldTransaction } from '@calin/client/wallet/explain-on-chain.ts';
import type { Refusal, Result } from '@calin/core/base/result.ts';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Icon } from '../ui/icon.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { carryOut, isGrave, type ReviewOrder, type ReviewOutcome, tell } from './review-order.ts';
import { refusePage } from './rules.ts';
import { ToldList } from './told-list.tsx';
import { useWallet } from './wallet-context.tsx';

/** Shows what is to be signed and asks. Refuses by `page/declined`, or as signing or handing in did last. */
export type Review = (order: ReviewOrder) => Promise<Result<ReviewOutcome>>;

interface Pending {
  readonly order: ReviewOrder;
  readonly settle: (outcome: Result<ReviewOutcome>) => void;
}

const Context = createContext<Review | undefined>(undefined);

/** Holds the one dialog through which every signature of a transaction goes. */
export function ReviewProvider({ children }: { readonly children: ReactNode }) {
  const [pending, setPending] = useState<Pending>();
  const review = useRef<Review>((order) => {
    return new Promise((resolve) => {
      const settle = (outcome: Result<ReviewOutcome>) => {
        setPending(undefined);
        resolve(outcome);
      };
      setPending({ order, settle });
    });
  });
  return (
    <Context value={review.current}>
      {children}
      {pending !== undefined && <ReviewDialog {...pending} />}
    </Context>
  );
}

/** The way to have something signed. Only for what is drawn on the pages of an open wallet. */
export function useReview(): Review {
  const review = useContext(Context);
  if (review === undefined) throw new Error('no wallet is open here');
  return review;
}

function ReviewDialog({ order, settle }: Pending) {
  const wallet = useWallet();
  const dialog = useRef<HTMLDialogElement>(null);
  const [told, setTold] = useState<ToldTransaction>();
  const [error, setError] = useState<Refusal>();
  const [isBusy, setIsBusy] = useState(false);
  const [isSure, setIsSure] = useState(false);
  // The order is explained as the wallet and the chain were when it was given.
  const first = useRef(wallet);
  // Closed before it is taken away, it gives the focus back to where it was.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  useEffect(() => {
    let isShown = true;
    tell(order, first.current).then(
      (words) => isShown && setTold(words),
      () => isShown && setError(refusePage('page/failed').error),
    );
    return () => {
      isShown = false;
    };
  }, [order]);
  const decline = () => settle(error === undefined ? refusePage('page/declined') : { ok: false, error });
  const sign = async () => {
    setIsBusy(true);
    const outcome = await carryOut(order, wallet);
    setIsBusy(false);
    if (outcome.ok) settle(outcome);
    else setError(outcome.error);
  };
  const mayNot = told === undefined || isBusy || (isGrave(told) && !isSure);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="review-title"
      onCancel={(event) => {
        event.preventDefault();
        if (!isBusy) decline();
      }}
      className="panel m-auto w-[min(40rem,calc(100vw-2rem))] p-0 text-ink backdrop:bg-page/80"
    >
      <div className="space-y-4 p-5 sm:p-6">
        <h2 id="review-title" className="font-semibold text-lg">
          {order.title}
        </h2>
        {told === undefined ? (
          error === undefined && <Loading lines={4} />
        ) : (
          <Told told={told} isSure={isSure} setIsSure={setIsSure} />
        )}
        {error !== undefined && (
          <Notice title={error.message} tone="bad">
            {error.help} <code className="font-mono text-xs opacity-80">{error.rule}</code>
          </Notice>
        )}
        <div className="flex flex-wrap justify-end gap-3">
          <button type="button" className="button" onClick={decline} disabled={isBusy}>
            {error === undefined ? 'Do not sign' : 'Close'}
          </button>
          <button type="button" className="button button-main" onClick={() => void sign()} disabled={mayNot}>
            <Icon name="check" /> {wordsOf(order, isBusy)}
          </button>
        </div>
      </div>
    </dialog>
  );
}

function wordsOf({ isSent }: ReviewOrder, isBusy: boolean): string {
  if (isBusy) return isSent ? 'Sending' : 'Signing';
  return isSent ? 'Sign and send' : 'Sign';
}

function Told({
  told,
  isSure,
  setIsSure,
}: {
  readonly told: ToldTransaction;
  readonly isSure: boolean;
  readonly setIsSure: (isSure: boolean) => void;
}) {
  return (
    <>
      <ToldList told={told} />
      {isGrave(told) && (
        <label className="flex items-center gap-2 text-sm">
          <input type="checkbox" checked={isSure} onChange={({ target }) => setIsSure(target.checked)} />
          Sign it all the same
        </label>
      )}
    </>
  );
}
