import type { FormEvent } from 'react';
import { useState } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { SelectField, TextField } from '../../ui/text-field.tsx';
import { LOCK_CHOICES, readLockMinutes, saveLockMinutes } from '../../wallet/browser-session.ts';
import { useDeed } from '../../wallet/use-deed.ts';
import { useWallet } from '../../wallet/wallet-context.tsx';
import { ForgetWallet } from './forget-wallet.tsx';
import { PhraseWords } from './phrase-words.tsx';
import { SealForm } from './seal-form.tsx';

/** Backup, phrase, password, when it locks, and the end. */
export function SettingsSection() {
  const { session, hasPhrase } = useWallet();
  return (
    <div className="grid items-start gap-4 sm:gap-5 lg:grid-cols-2">
      <div className="space-y-4 sm:space-y-5">
        <BackupPanel />
        {hasPhrase && <PhrasePanel />}
        <Panel title="Forget this wallet">
          <ForgetWallet session={session} />
        </Panel>
      </div>
      <div className="space-y-4 sm:space-y-5">
        <LockPanel />
        <PasswordPanel />
      </div>
    </div>
  );
}

function BackupPanel() {
  const { session } = useWallet();
  const save = () => {
    const sealed = session.backup();
    if (sealed.ok) saveFile('wallet.calin', sealed.value, 'application/json');
  };
  return (
    <Panel title="Backup">
      <div className="space-y-3 text-sm">
        <p className="text-soft">
          One sealed file with everything: phrase, accounts, locks, watched addresses, contacts and labels.
          The password of this browser opens it, here as in “calin wallet restore --from backup”. Save a new
          one when names were added.
        </p>
        <button type="button" className="button button-main" onClick={save}>
          Save a backup
        </button>
      </div>
    </Panel>
  );
}

function LockPanel() {
  const { lock } = useWallet();
  const [minutes, setMinutes] = useState(readLockMinutes);
  const [isKept, setIsKept] = useState(true);
  return (
    <Panel title="Locking">
      <div className="space-y-4">
        <SelectField
          label="Lock after so long without a touch or a key"
          value={minutes}
          onChange={({ target }) => {
            const chosen = Number(target.value);
            setMinutes(chosen);
            setIsKept(saveLockMinutes(chosen));
          }}
          error={isKept ? undefined : 'This browser does not keep the choice.'}
          help="Locking ends the worker that has the keys, in all tabs."
        >
          {LOCK_CHOICES.map((choice) => (
            <option key={choice} value={choice}>
              {choice === 1 ? '1 minute' : `${choice} minutes`}
            </option>
          ))}
        </SelectField>
        <button type="button" className="button" onClick={lock}>
          <Icon name="lock" /> Lock now
        </button>
      </div>
    </Panel>
  );
}

function PhrasePanel() {
  const { session } = useWallet();
  const [phrase, setPhrase] = useState<{ readonly show: () => string }>();
  const deed = useDeed();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const password = String(new FormData(form).get('password') ?? '');
    await deed.run(async () => {
      const revealed = await session.reveal(password);
      // A function, so that tools for developers do not list the words among the state of the page.
      if (revealed.ok) setPhrase({ show: () => revealed.value });
      return revealed;
    });
  };
  return (
    <Panel title="The words">
      {phrase === undefined ? (
        <form onSubmit={(event) => void submit(event)} className="space-y-4">
          <TextField
            label="Password, to see the words"
            name="password"
            type="password"
            required
            autoComplete="current-password"
            error={deed.error}
            help="Make sure that nobody looks."
          />
          <button type="submit" className="button" disabled={deed.isBusy}>
            Show the words
          </button>
        </form>
      ) : (
        <div className="space-y-4">
          <PhraseWords phrase={phrase.show()} />
          <button type="button" className="button" onClick={() => setPhrase(undefined)}>
            Hide the words
          </button>
        </div>
      )}
    </Panel>
  );
}

function PasswordPanel() {
  const { session } = useWallet();
  const [isChanged, setIsChanged] = useState(false);
  return (
    <Panel title="Password">
      <SealForm
        submit="Change the password"
        seal={async (password, form) => {
          setIsChanged(false);
          const changed = await session.changePassword(String(form.get('old') ?? ''), password);
          if (changed.ok) setIsChanged(true);
          return changed;
        }}
        above={() => (
          <TextField
            label="The password so far"
            name="old"
            type="password"
            required
            autoComplete="current-password"
          />
        )}
      />
      {isChanged && (
        <Notice title="The password is changed.">
          Backups that were saved before still open with the old one. Save a new backup.
        </Notice>
      )}
    </Panel>
  );
}
