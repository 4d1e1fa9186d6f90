import { createHashSecret } from '@calin/client/wallet/hash-secret.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { useState } from 'react';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { TextField } from '../../../ui/text-field.tsx';

/** The secret of a hash lock: made here and shown once, or made by somebody who told its hash. */
export function SecretFields({ error }: { readonly error: string | undefined }) {
  const [secret, setSecret] = useState<string>();
  const [hash, setHash] = useState('');
  const make = () => {
    const made = createHashSecret((length) => crypto.getRandomValues(new Uint8Array(length)));
    setSecret(toHex(made.secret));
    setHash(toHex(made.sha256));
  };
  return (
    <div className="space-y-3">
      <TextField
        label="SHA-256 of the secret"
        name="sha256"
        required
        value={hash}
        onChange={({ target }) => {
          setHash(target.value);
          setSecret(undefined);
        }}
        className="font-mono"
        error={error}
        help="Paste the one that the other side has shown, or make a secret here."
      />
      {secret === undefined ? (
        <button type="button" className="button" onClick={make}>
          Make a secret
        </button>
      ) : (
        <div className="space-y-2 rounded-xl bg-warn-soft px-4 py-3 text-sm text-warn">
          <p className="font-medium">This is the secret. The wallet does not keep it: keep it yourself.</p>
          <p>
            <output aria-label="The secret" className="break-all font-mono">
              {secret}
            </output>{' '}
            <CopyButton text={secret} what="the secret" />
          </p>
          <p>
            Show the others its SHA-256, and the secret to nobody until you claim. Who claims with it shows it
            to everybody.
          </p>
          <button
            type="button"
            className="button"
            onClick={() => saveFile('secret.txt', `${secret}\n`, 'text/plain')}
          >
            Save it as a file
          </button>
          <label className="flex items-center gap-2">
            <input type="checkbox" required />I have kept the secret
          </label>
        </div>
      )}
    </div>
  );
}
