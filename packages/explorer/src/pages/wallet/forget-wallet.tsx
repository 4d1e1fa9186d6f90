import { type FormEvent, useState } from 'react';
import { TextField } from '../../ui/text-field.tsx';
import { refusalWords } from '../../wallet/refusal-words.ts';
import type { WalletSession } from '../../wallet/wallet-session.ts';

const WORD = 'forget';

/** Takes the wallet out of this browser, after a word was typed. */
export function ForgetWallet({ session }: { readonly session: WalletSession }) {
  const [error, setError] = useState<string>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get('word') ?? '').trim();
    if (typed !== WORD) return setError(`Type the word ${WORD}.`);
    const forgotten = await session.forget();
    if (!forgotten.ok) setError(refusalWords(forgotten.error));
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-3">
      <TextField
        label={`Type “${WORD}” to take this wallet out of this browser`}
        name="word"
        required
        error={error}
        help="Without its phrase or a backup nothing brings it back."
      />
      <button type="submit" className="button">
        Forget this wallet
      </button>
    </form>
  );
}
