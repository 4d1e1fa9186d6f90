import { type FormEvent, useState } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { refusalWords } from '../../wallet/refusal-words.ts';
import type { WalletSession } from '../../wallet/wallet-session.ts';
import { ForgetWallet } from './forget-wallet.tsx';

/** Asks for the password of the wallet that lies in this browser. */
export function UnlockForm({ session }: { readonly session: WalletSession }) {
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const password = String(new FormData(form).get('password') ?? '');
    setIsBusy(true);
    const opened = await session.open(password);
    setIsBusy(false);
    if (opened.ok) return;
    setError(refusalWords(opened.error));
    const field = form.elements.namedItem('password');
    if (field instanceof HTMLInputElement) field.select();
  };
  return (
    <Page title="Wallet" tab="Unlock · Wallet">
      <div className="mx-auto max-w-md space-y-6 pt-4 sm:pt-10">
        <form onSubmit={(event) => void submit(event)} className="panel space-y-4 p-5 sm:p-6">
          <h2 className="flex items-center gap-2 font-semibold">
            <Icon name="lock" /> The wallet is locked
          </h2>
          <TextField
            label="Password"
            name="password"
            type="password"
            required
            autoFocus
            autoComplete="current-password"
            error={error}
          />
          <button type="submit" className="button button-main w-full" disabled={isBusy}>
            {isBusy ? 'Opening' : 'Open'}
          </button>
          <p aria-live="polite" className="caption min-h-8">
            {isBusy
              ? 'The key is worked out from the password. That takes about a second, on purpose: each guess costs as much.'
              : 'The password opens what lies sealed in this browser. It is sent nowhere, and nobody can give it back to you.'}
          </p>
        </form>
        <details className="text-sm">
          <summary className="cursor-pointer text-soft">The password is lost</summary>
          <div className="space-y-3 pt-3">
            <Notice title="The phrase brings everything back that the chain knows.">
              Forget this wallet here, then restore it from its words, or from a backup whose password you
              know.
            </Notice>
            <ForgetWallet session={session} />
          </div>
        </details>
      </div>
    </Page>
  );
}
