import { addAddress, removeAddress } from '@calin/client/wallet/edit-wallet.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { holdingsQuery } from '../../node/queries.ts';
import { holdingsClaim } from '../../proofs/claims.ts';
import { ProofMark } from '../../proofs/proof-mark.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useDeed } from '../../wallet/use-deed.ts';
import { useWallet } from '../../wallet/wallet-context.tsx';
import { BalanceList } from '../address/balance-list.tsx';

/** Addresses that are one's own without a key here: what they hold is shown, and paying them counts as keeping. */
export function WatchedPanel() {
  const { document, edit } = useWallet();
  const deed = useDeed();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const named = { name: text(data, 'name'), address: text(data, 'address') };
    if (await deed.run(() => edit((wallet) => addAddress(wallet, 'watched', named)))) form.reset();
  };
  return (
    <Panel title="Watched addresses" aside="yours, with the key elsewhere">
      {document.watched.length > 0 && (
        <ul aria-label="Watched addresses" className="mb-4 divide-y divide-line">
          {document.watched.map(({ name, address }) => (
            <Watched key={name} name={name} address={address} />
          ))}
        </ul>
      )}
      <form
        aria-label="Watch an address"
        onSubmit={(event) => void submit(event)}
        className="grid items-start gap-3 sm:grid-cols-[12rem_minmax(0,1fr)_auto]"
      >
        <TextField label="Name" name="name" required autoCapitalize="none" placeholder="cold" />
        <TextField
          label="Address to watch"
          name="address"
          required
          className="font-mono"
          error={deed.error}
        />
        <button type="submit" className="button sm:mt-6" disabled={deed.isBusy}>
          Watch it
        </button>
      </form>
    </Panel>
  );
}

function Watched({ name, address }: { readonly name: string; readonly address: string }) {
  const { edit } = useWallet();
  const { data: holdings } = useQuery({ ...holdingsQuery(address), placeholderData: keepPreviousData });
  const remove = () => void edit((wallet) => removeAddress(wallet, name));
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5 text-sm">
      <span className="min-w-0">
        <span className="font-medium">{name}</span> <NameLink kind="address" name={address} />
      </span>
      <span className="flex flex-wrap items-center gap-3">
        {holdings !== undefined && (
          <>
            <BalanceList balances={holdings.balances} />
            <ProofMark subject={address} claim={holdingsClaim(address, holdings)} />
          </>
        )}
        <button type="button" className="button" onClick={remove} aria-label={`Remove ${name}`}>
          Remove
        </button>
      </span>
    </li>
  );
}

function text(data: FormData, name: string): string {
  return String(data.get(name) ?? '').trim();
}
