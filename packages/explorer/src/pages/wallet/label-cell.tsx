import { setLabel } from '@calin/client/wallet/edit-wallet.ts';
import { type FormEvent, useState } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { useDeed } from '../../wallet/use-deed.ts';
import { useWallet } from '../../wallet/wallet-context.tsx';
import { shorten } from '../../words/shorten.ts';

/** What a transaction is called, and the way to call it something else. */
export function LabelCell({ of, text }: { readonly of: string; readonly text: string | undefined }) {
  const { edit } = useWallet();
  const [isOpen, setIsOpen] = useState(false);
  const deed = useDeed();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get('label') ?? '').trim();
    const wanted = typed === '' ? undefined : typed;
    if (await deed.run(() => edit((wallet) => setLabel(wallet, of, wanted)))) setIsOpen(false);
  };
  if (!isOpen) {
    return (
      <span className="flex items-center gap-1">
        {text}
        <button
          type="button"
          aria-label={`${text === undefined ? 'Label' : 'Change the label of'} ${shorten(of)}`}
          className="inline-flex size-6 cursor-pointer items-center justify-center rounded text-soft hover:text-accent"
          onClick={() => setIsOpen(true)}
        >
          <Icon name="pen" className="size-3.5" />
        </button>
      </span>
    );
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex items-center gap-2">
      <input
        ref={(field) => field?.focus()}
        name="label"
        defaultValue={text}
        maxLength={128}
        aria-label={`Label of ${shorten(of)}`}
        aria-invalid={deed.error !== undefined}
        title={deed.error}
        className="field w-40"
        onKeyDown={({ key }) => key === 'Escape' && setIsOpen(false)}
      />
      <button type="submit" className="button" disabled={deed.isBusy}>
        Keep
      </button>
    </form>
  );
}
