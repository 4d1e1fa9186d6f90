import { rename } from '@calin/client/wallet/edit-wallet.ts';
import type { FormEvent } from 'react';
import { TextField } from '../../ui/text-field.tsx';
import { useDeed } from '../../wallet/use-deed.ts';
import { useWallet } from '../../wallet/wallet-context.tsx';

/** Asks for another name of an account or a contact. */
export function RenameForm({ name, done }: { readonly name: string; readonly done: () => void }) {
  const { edit } = useWallet();
  const deed = useDeed();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wanted = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    if (wanted === name || (await deed.run(() => edit((wallet) => rename(wallet, name, wanted))))) done();
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-wrap items-start gap-2">
      <TextField
        label={`New name of ${name}`}
        name="name"
        defaultValue={name}
        required
        autoFocus
        error={deed.error}
      />
      <button type="submit" className="button mt-6" disabled={deed.isBusy}>
        Rename
      </button>
      <button type="button" className="button mt-6" onClick={done}>
        Leave it
      </button>
    </form>
  );
}
