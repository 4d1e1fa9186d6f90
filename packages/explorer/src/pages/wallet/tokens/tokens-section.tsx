import { addressOf, formatAddress } from '@calin/core/primitives/address.ts';
import { useQueries } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { holdingsQuery } from '../../../node/queries.ts';
import { EmptyRow } from '../../../ui/empty-row.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Table } from '../../../ui/table.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { type OpenWallet, useWallet } from '../../../wallet/wallet-context.tsx';
import { CreateToken } from './create-token.tsx';
import { type Holder, heldTokens } from './held-tokens.ts';
import { TokenRow } from './token-row.tsx';
import { WalletToken } from './wallet-token.tsx';

/** Accounts and locks that are asked for what they hold: each with every block. */
const HOLDERS_MAX = 48;

/** Tokens: those that are held, one of them, and a new one. */
export function TokensSection({ item }: { readonly item: string | undefined }) {
  const holders = holdersOf(useWallet());
  const held = useQueries({
    queries: holders.map(({ address }) => holdingsQuery(address)),
    combine: (answers) =>
      answers.some(({ isPending }) => isPending)
        ? undefined
        : heldTokens(
            holders,
            answers.map(({ data }) => data?.balances),
          ),
  });
  if (item === '~new') return <CreateToken />;
  if (item !== undefined) {
    const asset = /^[0-9]{1,16}$/.test(item) ? Number(item) : 0;
    return <WalletToken key={item} asset={asset} held={held?.find((one) => one.asset === asset)} />;
  }
  return (
    <div className="space-y-4 sm:space-y-5">
      <Panel
        title="Tokens"
        aside={
          <Link
            to="/wallet/$section/$item"
            params={{ section: 'tokens', item: '~new' }}
            className="button button-main"
          >
            <Icon name="coins" /> Make a token
          </Link>
        }
        isFlush={held !== undefined}
      >
        {held === undefined ? (
          <Loading lines={3} />
        ) : held.length === 0 ? (
          <EmptyRow>
            This wallet holds no token. What is paid to its accounts and locks appears here.
          </EmptyRow>
        ) : (
          <Table label="Tokens of this wallet" columns={['Symbol', 'Name', 'Id', 'Where', '>Amount']}>
            {held.map((token) => (
              <TokenRow key={token.asset} held={token} />
            ))}
          </Table>
        )}
      </Panel>
      <FindToken />
    </div>
  );
}

function holdersOf({ document, addressOf: addressOfAccount }: OpenWallet): readonly Holder[] {
  const { accounts, locks, addressPrefix } = document;
  return [
    ...accounts.map((account) => ({ name: account.name, address: addressOfAccount(account) })),
    ...locks.map(({ name, lock }) => ({ name, address: formatAddress(addressOf(lock), addressPrefix) })),
  ].slice(0, HOLDERS_MAX);
}

/** Opens a token that the wallet does not hold, such as one that it may mint. */
function FindToken() {
  const navigate = useNavigate();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const item = String(new FormData(event.currentTarget).get('asset') ?? '').trim();
    void navigate({ to: '/wallet/$section/$item', params: { section: 'tokens', item } });
  };
  return (
    <Panel title="Another token" aside="such as one that you may mint">
      <form aria-label="Open a token" onSubmit={submit} className="flex flex-wrap items-start gap-3">
        <div className="w-full max-w-xs">
          <TextField label="Its id" name="asset" required inputMode="numeric" pattern="[0-9]{1,16}" />
        </div>
        <button type="submit" className="button sm:mt-6">
          Open it
        </button>
      </form>
    </Panel>
  );
}
