import { encodePartial } from '@calin/client/transaction-builder/partial-encoding.ts';
import {
  addPreimage,
  finalisePartial,
  type PartialTransaction,
  partialId,
} from '@calin/client/transaction-builder/partial-transaction.ts';
import { handIn } from '@calin/client/wallet/hand-in.ts';
import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import { OK, type Result } from '@calin/core/base/result.ts';
import { useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Pill } from '../../../ui/pill.tsx';
import { RefusalNotice } from '../../../ui/refusal-notice.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { TextField } from '../../../ui/text-field.tsx';
import { useReview } from '../../../wallet/review-dialog.tsx';
import { type ReviewOrder, tell } from '../../../wallet/review-order.ts';
import { ToldList } from '../../../wallet/told-list.tsx';
import { useDeed } from '../../../wallet/use-deed.ts';
import { useWallet } from '../../../wallet/wallet-context.tsx';
import { shorten } from '../../../words/shorten.ts';
import { readHash } from './lock-draft.ts';
import { lockRefusalWords } from './lock-refusal-words.ts';
import { formatPartialText } from './partial-text.ts';
import { SignerList } from './signer-list.tsx';
import { signingState } from './signing-state.ts';

/** The transaction that is open: what it does, who has signed, and what can be done with it next. */
export function PartialPanel({
  partial,
  hold,
  sent,
}: {
  readonly partial: PartialTransaction;
  readonly hold: (partial: PartialTransaction | undefined) => void;
  /** Told the id of the transaction once the node has taken it. */
  readonly sent: (txid: string) => void;
}) {
  const wallet = useWallet();
  const review = useReview();
  const deed = useDeed();
  const state = signingState(partial, wallet.document);
  const order: ReviewOrder = {
    title: 'Sign this transaction',
    what: { kind: 'partial', partial },
    isSent: false,
  };
  const { data: told, error, isPending } = useTold(order);
  // What comes while a hand is on its way would move the buttons, and nothing is signed before it is told.
  const mayNot = deed.isBusy || isPending;
  const sign = () =>
    deed.run(async () => {
      const signed = await review(order);
      if (!signed.ok) return signed.error.rule === 'page/declined' ? OK : signed;
      hold(signed.value.partial);
      return OK;
    });
  const send = () =>
    deed.run(async () => {
      const whole = finalisePartial(partial);
      if (!whole.ok) return whole;
      const txid = await handIn(wallet.chain, whole.value);
      if (txid.ok) sent(txid.value);
      return txid;
    });
  return (
    <Panel
      title={`Transaction ${shorten(toHex(partialId(partial)))}`}
      aside={state.isWhole ? <Pill tone="good">Whole</Pill> : <Pill tone="warn">Not whole yet</Pill>}
    >
      <div className="space-y-4">
        {error !== null ? (
          <RefusalNotice error={error} />
        ) : told === undefined ? (
          <Loading lines={4} />
        ) : (
          <ToldList told={told} />
        )}
        <SignerList openings={state.openings} />
        {state.lacksSecret && <SecretForm partial={partial} hold={hold} />}
        {deed.refusal !== undefined && <Notice title={lockRefusalWords(deed.refusal)} tone="bad" />}
        <div className="flex flex-wrap items-center gap-3">
          {state.canSign.length > 0 && (
            <button
              type="button"
              className="button button-main"
              disabled={mayNot}
              onClick={() => void sign()}
            >
              <Icon name="pen" /> Sign as {state.canSign.join(' and ')}
            </button>
          )}
          {state.isWhole && (
            <button
              type="button"
              className="button button-main"
              disabled={mayNot}
              onClick={() => void send()}
            >
              <Icon name="arrow" /> Send it
            </button>
          )}
          <SaveButton partial={partial} />
          <button type="button" className="button" onClick={() => hold(undefined)}>
            Close it
          </button>
        </div>
        <p className="caption">
          {state.isWhole
            ? 'Nothing is missing: whoever has it can send it.'
            : 'Save the file and hand it on, in any way. Nothing in it is secret but the secret of a hash lock. Closed without saving, it is gone.'}
        </p>
      </div>
    </Panel>
  );
}

function useTold(order: ReviewOrder) {
  const wallet = useWallet();
  const { what } = order;
  const txid = what.kind === 'partial' ? toHex(partialId(what.partial)) : '';
  return useQuery({
    queryKey: ['told', txid, wallet.document],
    queryFn: () => tell(order, wallet),
  });
}

function SaveButton({ partial }: { readonly partial: PartialTransaction }) {
  const name = `payment-${toHex(partialId(partial)).slice(0, 8)}.cpst`;
  const save = () => saveFile(name, new Uint8Array(encodePartial(partial)), 'application/octet-stream');
  return (
    <>
      <button type="button" className="button" onClick={save}>
        Save the file
      </button>
      <span className="inline-flex items-center gap-1 text-sm text-soft">
        or copy its text <CopyButton text={formatPartialText(partial)} what="the text of the transaction" />
      </span>
    </>
  );
}

function SecretForm({
  partial,
  hold,
}: {
  readonly partial: PartialTransaction;
  readonly hold: (partial: PartialTransaction) => void;
}) {
  const deed = useDeed();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('secret') ?? '');
    void deed.run(async (): Promise<Result<undefined>> => {
      const secret = readHash(text);
      if (!secret.ok) return secret;
      const added = addPreimage(partial, fromHex(secret.value));
      if (!added.ok) return added;
      hold(added.value);
      return OK;
    });
  };
  return (
    <form aria-label="Add the secret" onSubmit={submit} className="flex flex-wrap items-start gap-3">
      <div className="min-w-0 grow">
        <TextField
          label="The secret that is missing"
          name="secret"
          required
          className="font-mono"
          error={deed.refusal === undefined ? undefined : lockRefusalWords(deed.refusal)}
        />
      </div>
      <button type="submit" className="button sm:mt-6">
        Add it
      </button>
    </form>
  );
}
