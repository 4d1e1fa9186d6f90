import type { WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import { type Lock, spendPaths } from '@calin/core/primitives/lock.ts';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { Holdings } from '../../../node/shapes.ts';
import { AssetOption } from '../../../ui/asset-option.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { SelectField, TextField } from '../../../ui/text-field.tsx';
import { FEE_SPEEDS } from '../../../wallet/send-order.ts';
import { useWallet } from '../../../wallet/wallet-context.tsx';
import { lockRefusalWords } from './lock-refusal-words.ts';
import { pathTitle } from './lock-words.ts';
import { nameKey } from './name-keys.ts';
import { useOpenPartial } from './open-partial.ts';
import { type SpendDraft, type SpendFault, spendLock } from './spend-lock.ts';

/** Makes a payment from a lock, which those who open it then sign. */
export function SpendForm({
  lock,
  holdings,
}: {
  readonly lock: Lock;
  readonly holdings: Holdings | undefined;
}) {
  const { document, chain, session } = useWallet();
  const navigate = useNavigate();
  const [, hold] = useOpenPartial(session);
  const [path, setPath] = useState(() => ownPath(lock, document));
  const [asset, setAsset] = useState(0);
  const [isEverything, setIsEverything] = useState(false);
  const [fault, setFault] = useState<SpendFault>();
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const draft = { ...readForm(new FormData(event.currentTarget)), path, asset, isEverything };
    setIsBusy(true);
    const outcome = await spendLock(lock, draft, document, chain);
    setIsBusy(false);
    setFault(outcome.ok ? undefined : outcome.fault);
    if (!outcome.ok) return;
    hold(outcome.partial);
    await navigate({ to: '/wallet/$section/$item', params: { section: 'locks', item: '~sign' } });
  };
  const errorOf = (field: SpendFault['field']) =>
    fault?.field === field ? lockRefusalWords(fault.refusal) : undefined;
  const paths = spendPaths(lock);
  const asksSecret = paths[path]?.condition.kind === 'preimage';
  const assets = holdings?.balances.map((balance) => balance.asset) ?? [0];
  return (
    <Panel title="Spend from it" aside="makes a transaction that is signed afterwards">
      <form aria-label="Spend from it" onSubmit={(event) => void submit(event)} className="space-y-3">
        {paths.length > 1 && (
          <fieldset className="flex flex-wrap gap-x-5 gap-y-2 text-sm">
            <legend className="mb-1 text-soft">Which way</legend>
            {paths.map((_, i) => (
              <label key={pathTitle(lock, i)} className="inline-flex items-center gap-2">
                <input type="radio" name="path" checked={path === i} onChange={() => setPath(i)} />
                {pathTitle(lock, i)}
              </label>
            ))}
          </fieldset>
        )}
        <TextField
          label="Pay to"
          name="to"
          required
          autoCapitalize="none"
          list="lock-receivers"
          error={errorOf('to')}
          help="An address, a payment request, or the name of an account, a lock or a contact."
        />
        <datalist id="lock-receivers">
          {[...document.accounts, ...document.locks, ...document.contacts].map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <div className="grid items-start gap-3 sm:grid-cols-3">
          <SelectField
            label="Asset"
            value={asset}
            onChange={({ target }) => setAsset(Number(target.value))}
            name="asset"
          >
            {assets.map((one) => (
              <AssetOption key={one} asset={one} />
            ))}
          </SelectField>
          <TextField
            label="Amount"
            name="amount"
            inputMode="decimal"
            required={!isEverything || asset !== 0}
            disabled={isEverything && asset === 0}
            error={errorOf('amount')}
          />
          <SelectField label="How soon" name="speed" defaultValue="2">
            {FEE_SPEEDS.map(({ speed, targetBlocks, words }) => (
              <option key={speed} value={targetBlocks}>
                {words}
              </option>
            ))}
          </SelectField>
        </div>
        {asset === 0 && (
          <label className="flex items-center gap-2 text-sm">
            <input
              type="checkbox"
              checked={isEverything}
              onChange={({ target }) => setIsEverything(target.checked)}
            />
            Everything that opens this way, less the fee
          </label>
        )}
        {asksSecret && (
          <TextField
            label="The secret"
            name="secret"
            className="font-mono"
            error={errorOf('secret')}
            help="64 digits. It can be added later too. The claim shows it to everybody."
          />
        )}
        {fault?.field === 'whole' && <Notice title={lockRefusalWords(fault.refusal)} tone="bad" />}
        <button type="submit" className="button button-main" disabled={isBusy}>
          {isBusy ? 'Looking at its coins' : 'Make the transaction'}
        </button>
      </form>
    </Panel>
  );
}

function readForm(data: FormData): Pick<SpendDraft, 'to' | 'amount' | 'secret' | 'targetBlocks'> {
  const text = (name: string) => String(data.get(name) ?? '');
  return {
    to: text('to'),
    amount: text('amount'),
    secret: text('secret'),
    targetBlocks: Number(text('speed')),
  };
}

/** The first way that takes a key of the wallet; the first one when none does. */
function ownPath(lock: Lock, document: WalletDocument): number {
  const own = spendPaths(lock).findIndex(({ publicKeys }) =>
    publicKeys.some((key) => nameKey(key, document).isOwn),
  );
  return Math.max(0, own);
}
