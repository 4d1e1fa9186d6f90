import { removeLock } from '@calin/client/wallet/edit-locks.ts';
import { formatLockFile } from '@calin/client/wallet/lock-file.ts';
import { addressOf, formatAddress } from '@calin/core/primitives/address.ts';
import type { Lock } from '@calin/core/primitives/lock.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { holdingsQuery } from '../../../node/queries.ts';
import { holdingsClaim } from '../../../proofs/claims.ts';
import { ProofMark } from '../../../proofs/proof-mark.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Pill } from '../../../ui/pill.tsx';
import { RefusalNotice } from '../../../ui/refusal-notice.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { useDeed } from '../../../wallet/use-deed.ts';
import { useWallet } from '../../../wallet/wallet-context.tsx';
import { AddressCode } from '../../address/address-code.tsx';
import { BalanceList } from '../../address/balance-list.tsx';
import { KIND_WORDS } from './lock-words.ts';
import { PathsPanel } from './paths-panel.tsx';
import { SpendForm } from './spend-form.tsx';

/** One lock: what it holds, how to pay to it, who spends from it and when, and the way to spend. */
export function LockPage({ name, lock }: { readonly name: string; readonly lock: Lock }) {
  const { chain } = useWallet();
  const address = formatAddress(addressOf(lock), chain.network.addressPrefix);
  const { data: holdings, error } = useQuery({
    ...holdingsQuery(address),
    placeholderData: keepPreviousData,
  });
  const [kind, purpose] = KIND_WORDS[lock.kind];
  return (
    <div className="space-y-4 sm:space-y-5">
      <div className="panel relative flex flex-wrap items-start justify-between gap-4 p-4 sm:p-5">
        <div className="min-w-0 grow basis-72 space-y-3">
          <BackLink />
          <h2 className="flex flex-wrap items-center gap-x-3 gap-y-1 font-semibold text-lg">
            {name} <Pill>{kind}</Pill>
            {holdings !== undefined && (
              <ProofMark subject={address} claim={holdingsClaim(address, holdings)} />
            )}
          </h2>
          <p className="text-sm text-soft">{purpose}</p>
          {error !== null && <RefusalNotice error={error} />}
          {holdings === undefined ? <Loading lines={1} /> : <BalanceList balances={holdings.balances} />}
          <p className="text-sm">
            <span className="text-soft">Pay to it at </span>
            <span className="break-all font-mono">{address}</span>{' '}
            <CopyButton text={address} what={`the address of ${name}`} />
          </p>
        </div>
        <AddressCode address={address} />
      </div>
      <PathsPanel lock={lock} coins={holdings?.coins ?? []} hasMore={(holdings?.next ?? null) !== null} />
      <SpendForm lock={lock} holdings={holdings} />
      <LockFile name={name} lock={lock} />
    </div>
  );
}

/** Leads back to the list of locks. */
export function BackLink() {
  return (
    <Link
      to="/wallet/$section"
      params={{ section: 'locks' }}
      className="link inline-flex items-center gap-1 text-sm"
    >
      <Icon name="back" className="size-3.5" /> All locks
    </Link>
  );
}

function LockFile({ name, lock }: { readonly name: string; readonly lock: Lock }) {
  const { chain, edit } = useWallet();
  const navigate = useNavigate();
  const [isSure, setIsSure] = useState(false);
  const deed = useDeed();
  const text = formatLockFile(lock, chain.network.addressPrefix);
  const forget = async () => {
    if (await deed.run(() => edit((wallet) => removeLock(wallet, name))))
      await navigate({ to: '/wallet/$section', params: { section: 'locks' } });
  };
  return (
    <Panel title="The file of this lock">
      <div className="space-y-3 text-sm">
        <p className="max-w-prose">
          The address is only the hash of the lock. Without the file nobody can spend, so give it to all who
          shall sign, and keep it in your backups. There is no secret in it.
        </p>
        <div className="flex flex-wrap items-center gap-3">
          <button
            type="button"
            className="button"
            onClick={() => saveFile(`${name}.lock.json`, text, 'application/json')}
          >
            Save the file
          </button>
          <span className="inline-flex items-center gap-1 text-soft">
            or copy its text <CopyButton text={text} what="the text of the lock" />
          </span>
        </div>
        <div className="flex flex-wrap items-center gap-3 border-line border-t pt-3">
          <label className="inline-flex items-center gap-2">
            <input type="checkbox" checked={isSure} onChange={({ target }) => setIsSure(target.checked)} />I
            have its file elsewhere, or it holds nothing
          </label>
          <button
            type="button"
            className="button"
            disabled={!isSure || deed.isBusy}
            onClick={() => void forget()}
          >
            Forget this lock
          </button>
        </div>
        {deed.error !== undefined && <p className="text-bad">{deed.error}</p>}
      </div>
    </Panel>
  );
}
