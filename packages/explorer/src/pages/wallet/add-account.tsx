import type { FormEvent } from 'react';
import { TextField } from '../../ui/text-field.tsx';
import { useDeed } from '../../wallet/use-deed.ts';
import { useWallet } from '../../wallet/wallet-context.tsx';

/** Adds the next account of the phrase. */
export function AddAccount() {
  const { session, hasPhrase } = useWallet();
  const deed = useDeed();
  if (!hasPhrase) return null;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get('name') ?? '').trim();
    if (await deed.run(() => session.addAccount(name))) form.reset();
  };
  return (
    <form
      aria-label="Add an account"
      onSubmit={(event) => void submit(event)}
      className="panel flex flex-wrap items-start gap-3 p-4 sm:px-5"
    >
      <div className="w-full max-w-xs">
        <TextField
          label="Another account"
          name="name"
          placeholder="savings"
          required
          autoCapitalize="none"
          error={deed.error}
          help="It comes from the same phrase, and has an address of its own."
        />
      </div>
      <button type="submit" className="button sm:mt-6" disabled={deed.isBusy}>
        Add it
      </button>
    </form>
  );
}
