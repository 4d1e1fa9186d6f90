import {
  formatSignedMessage,
  parseSignedMessage,
  verifyMessage,
} from '@calin/client/wallet/signed-message.ts';
import type { Refusal } from '@calin/core/base/result.ts';
import { type FormEvent, useState } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SelectField, TextArea } from '../../ui/text-field.tsx';
import { namesOf } from '../../wallet/reader.ts';
import { refusalWords } from '../../wallet/refusal-words.ts';
import { useWallet } from '../../wallet/wallet-context.tsx';

/** Messages that show who wrote them. */
export function MessagesSection() {
  return (
    <div className="grid gap-4 sm:gap-5 lg:grid-cols-2">
      <SignPanel />
      <VerifyPanel />
    </div>
  );
}

function SignPanel() {
  const { document, session, hasPhrase } = useWallet();
  const [signed, setSigned] = useState<string>();
  const [error, setError] = useState<string>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const account = document.accounts.find(({ name }) => name === data.get('account'));
    if (account === undefined) return;
    // Forms write line ends in two characters, and a message is what was typed.
    const message = String(data.get('message') ?? '').replaceAll('\r\n', '\n');
    const result = await session.signMessage(message, account.index);
    setSigned(result.ok ? formatSignedMessage(result.value) : undefined);
    setError(result.ok ? undefined : refusalWords(result.error));
  };
  return (
    <Panel title="Sign a message">
      {!hasPhrase && <Notice title="This wallet has no phrase: it can look, and not sign." />}
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <SelectField label="As" name="account">
          {document.accounts.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
        <TextArea
          label="Message"
          name="message"
          rows={5}
          required
          error={error}
          help="A signed message moves no coins and cannot be a transaction. It shows that the owner of the address wrote it."
        />
        <button type="submit" className="button button-main" disabled={!hasPhrase}>
          Sign
        </button>
      </form>
      {signed !== undefined && (
        <div className="mt-4">
          <TextArea
            label="Signed message"
            readOnly
            rows={9}
            value={signed}
            className="font-mono text-xs!"
            help={
              <>
                Give this whole text to whoever asks. <CopyButton text={signed} what="the signed message" />
              </>
            }
          />
        </div>
      )}
    </Panel>
  );
}

/** What a check of a signed message has come to. */
type Checked =
  | { readonly message: string; readonly address: string }
  | { readonly refusal: Refusal }
  | undefined;

function VerifyPanel() {
  const { document } = useWallet();
  const [checked, setChecked] = useState<Checked>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('signed') ?? '');
    const parsed = parseSignedMessage(text);
    if (!parsed.ok) return setChecked({ refusal: parsed.error });
    const verified = verifyMessage(parsed.value, document.addressPrefix);
    setChecked(verified.ok ? parsed.value : { refusal: verified.error });
  };
  const name =
    checked !== undefined && 'address' in checked ? namesOf(document).get(checked.address) : undefined;
  return (
    <Panel title="Check a signed message">
      <form onSubmit={submit} className="space-y-4">
        <TextArea
          label="Text to check"
          name="signed"
          rows={8}
          required
          className="font-mono text-xs!"
          error={checked !== undefined && 'refusal' in checked ? refusalWords(checked.refusal) : undefined}
        />
        <button type="submit" className="button">
          Check
        </button>
      </form>
      <div aria-live="polite" className="mt-4">
        {checked !== undefined && 'address' in checked && (
          <div className="space-y-2 rounded-xl bg-good-soft px-4 py-3 text-good text-sm">
            <p className="break-words font-medium [overflow-wrap:anywhere]">
              Signed by {name === undefined ? checked.address : `${name} (${checked.address})`}
            </p>
            <p className="whitespace-pre-wrap break-words [overflow-wrap:anywhere]">{checked.message}</p>
          </div>
        )}
      </div>
    </Panel>
  );
}
