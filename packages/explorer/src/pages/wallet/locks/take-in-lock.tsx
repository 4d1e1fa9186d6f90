import { addLock } from '@calin/client/wallet/edit-locks.ts';
import { parseLockFile } from '@calin/client/wallet/lock-file.ts';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Panel } from '../../../ui/panel.tsx';
import { TextArea, TextField } from '../../../ui/text-field.tsx';
import { useDeed } from '../../../wallet/use-deed.ts';
import { useWallet } from '../../../wallet/wallet-context.tsx';
import { FileDrop } from './file-drop.tsx';
import { lockRefusalWords } from './lock-refusal-words.ts';

/** Takes in the file of a lock that somebody else has made. */
export function TakeInLock() {
  const { edit, chain } = useWallet();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const deed = useDeed();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    const isIn = await deed.run(async () => {
      const lock = parseLockFile(text, chain.network.addressPrefix);
      return lock.ok ? edit((wallet) => addLock(wallet, name, lock.value)) : lock;
    });
    if (isIn) await navigate({ to: '/wallet/$section/$item', params: { section: 'locks', item: name } });
  };
  const words = deed.refusal === undefined ? undefined : lockRefusalWords(deed.refusal);
  const isAboutName = deed.refusal?.rule === 'wallet/document';
  return (
    <Panel title="Take in a lock" aside="that somebody else has made">
      <form aria-label="Take in a lock" onSubmit={(event) => void submit(event)} className="space-y-3">
        <FileDrop
          label="File of the lock"
          accept=".json,application/json"
          take={async ([file]) => setText((await file?.text()) ?? '')}
        />
        <TextArea
          label="Or its text"
          value={text}
          onChange={({ target }) => setText(target.value)}
          required
          rows={3}
          maxLength={8192}
          className="font-mono text-xs"
          error={isAboutName ? undefined : words}
        />
        <TextField
          label="Name for it here"
          name="name"
          required
          autoCapitalize="none"
          placeholder="fund"
          error={isAboutName ? words : undefined}
        />
        <button type="submit" className="button" disabled={deed.isBusy}>
          Take it in
        </button>
      </form>
    </Panel>
  );
}
