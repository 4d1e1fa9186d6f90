import type { Refusal } from '@calin/core/base/result.ts';
import { type FormEvent, useState } from 'react';
import { Notice } from '../../ui/notice.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { refusalWords } from '../../wallet/refusal-words.ts';
import type { WayProps } from './first-run.tsx';
import { Step } from './step.tsx';

/** Bytes of a backup that is read; see docs/reference/wallet-file.md. */
const BACKUP_BYTES_MAX = 34 * 2 ** 20;

/** Brings a wallet back from the file of a backup. */
export function RestoreBackup({ browser: { session }, addressPrefix }: WayProps) {
  const [refusal, setRefusal] = useState<Refusal>();
  const [fileError, setFileError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const file = form.get('file');
    if (!(file instanceof File) || file.size > BACKUP_BYTES_MAX) return setFileError('This is no backup.');
    setIsBusy(true);
    const password = String(form.get('password') ?? '');
    const restored = await session.restoreBackup(await file.text(), addressPrefix, password);
    setIsBusy(false);
    if (restored.ok) return;
    setFileError(restored.error.rule === 'wallet/backup' ? refusalWords(restored.error) : undefined);
    setRefusal(restored.error);
  };
  const passwordError = refusal?.rule === 'keystore/wrong-password' ? refusalWords(refusal) : undefined;
  return (
    <Step title="Restore from a backup">
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <TextField label="The file" name="file" type="file" required error={fileError} className="py-1.5" />
        <TextField
          label="Its password"
          name="password"
          type="password"
          required
          autoComplete="current-password"
          error={passwordError}
          help="It becomes the password in this browser, too. It can be changed in the settings."
        />
        {refusal !== undefined && passwordError === undefined && fileError === undefined && (
          <Notice title={refusal.message} tone="bad">
            {refusal.help} <code className="font-mono text-xs opacity-80">{refusal.rule}</code>
          </Notice>
        )}
        <button type="submit" className="button button-main" disabled={isBusy}>
          {isBusy ? 'Opening' : 'Restore'}
        </button>
      </form>
    </Step>
  );
}
