import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Page } from '../../ui/page.tsx';
import type { BrowserSession } from '../../wallet/browser-session.ts';
import { CreateWallet } from './create-wallet.tsx';
import { RestoreBackup } from './restore-backup.tsx';
import { RestoreWords } from './restore-words.tsx';

type Way = 'create' | 'words' | 'backup';

const WAYS: readonly (readonly [Way, IconName, string, string])[] = [
  ['create', 'wallet', 'Make a new wallet', 'You get 12 or 24 words. Whoever has them has the coins.'],
  ['words', 'shield', 'Restore from words', 'Brings back the accounts that the chain knows of.'],
  [
    'backup',
    'lock',
    'Restore from a backup',
    'Brings back everything: names, contacts, labels and locks too.',
  ],
];

/** What a way to a wallet needs. */
export interface WayProps {
  readonly browser: BrowserSession;
  readonly addressPrefix: string;
}

/** What is shown where the browser has no wallet yet. */
export function FirstRun({ browser, addressPrefix }: WayProps) {
  const [way, setWay] = useState<Way>();
  const props = { browser, addressPrefix };
  const navigate = useNavigate();
  // What is made or restored begins with its overview, wherever the wallet before it was left.
  useEffect(() => void navigate({ to: '/wallet', replace: true }), [navigate]);
  return (
    <Page title="Wallet">
      <div className="mx-auto max-w-2xl space-y-4 pt-2 sm:pt-6">
        {way === undefined ? (
          <>
            <p className="text-soft">
              There is no wallet in this browser yet. Its keys are made here, lie here sealed by a password,
              and sign here: no phrase, key or password ever leaves this page.
            </p>
            <ul className="grid gap-3 sm:grid-cols-3">
              {WAYS.map(([name, icon, title, words]) => (
                <li key={name}>
                  <button
                    type="button"
                    onClick={() => setWay(name)}
                    className="panel flex h-full w-full cursor-pointer flex-col gap-2 p-4 text-left hover:border-accent"
                  >
                    <Icon name={icon} className="size-6 text-accent" />
                    <span className="font-semibold">{title}</span>
                    <span className="text-sm text-soft">{words}</span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        ) : (
          <>
            <button type="button" className="button" onClick={() => setWay(undefined)}>
              <Icon name="back" /> Another way
            </button>
            {way === 'create' && <CreateWallet {...props} />}
            {way === 'words' && <RestoreWords {...props} />}
            {way === 'backup' && <RestoreBackup {...props} />}
          </>
        )}
      </div>
    </Page>
  );
}
