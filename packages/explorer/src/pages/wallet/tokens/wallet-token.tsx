import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { tokenQuery } from '../../../node/queries.ts';
import { ProofMark } from '../../../proofs/proof-mark.tsx';
import { Amount } from '../../../ui/amount.tsx';
import { EmptyRow } from '../../../ui/empty-row.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { RefusalNotice } from '../../../ui/refusal-notice.tsx';
import { Table } from '../../../ui/table.tsx';
import { useWallet } from '../../../wallet/wallet-context.tsx';
import { TokenFacts } from '../../tokens/token-facts.tsx';
import { ChangeSupply } from './change-supply.tsx';
import type { HeldToken } from './held-tokens.ts';
import { useSameSymbol } from './use-same-symbol.ts';

/** One token: what the wallet holds of it and where, its terms, and what the wallet can do with it. */
export function WalletToken({
  asset,
  held,
}: {
  readonly asset: number;
  readonly held: HeldToken | undefined;
}) {
  const { accountFor, hasPhrase } = useWallet();
  const { data: token, error } = useQuery({ ...tokenQuery(asset), staleTime: 0 });
  const warning = useSameSymbol(asset, token?.symbol);
  if (error !== null) return <RefusalNotice error={error} />;
  if (token === undefined) return <Loading />;
  const minter = token.minter === null ? undefined : accountFor(token.minter);
  const own = held?.parts.filter(({ address }) => accountFor(address) !== undefined) ?? [];
  return (
    <div className="space-y-4 sm:space-y-5">
      <div className="panel relative flex flex-wrap items-center justify-between gap-3 p-4 sm:p-5">
        <h2 className="flex flex-wrap items-center gap-x-3 gap-y-1 font-semibold text-lg">
          {token.symbol} <span className="font-normal text-base text-soft">{token.name}</span>
          <ProofMark claim={{ kind: 'token', token }} subject={`token ${asset}`} />
        </h2>
        <span className="flex flex-wrap gap-3">
          {own.length > 0 && (
            <Link
              to="/wallet/$section/$item"
              params={{ section: 'send', item: String(asset) }}
              className="button"
            >
              <Icon name="arrow" /> Send some
            </Link>
          )}
          <Link to="/wallet/$section" params={{ section: 'tokens' }} className="button">
            <Icon name="back" /> All tokens
          </Link>
        </span>
      </div>
      {warning !== undefined && (
        <Notice title="It can be taken for another one." tone="warn">
          {warning} This one is {asset}.
        </Notice>
      )}
      <Panel title="Held" isFlush>
        {held === undefined ? (
          <EmptyRow>This wallet holds none of it.</EmptyRow>
        ) : (
          <Table label="Held" columns={['Where', '>Amount']}>
            {held.parts.map(({ name, amount }) => (
              <tr key={name}>
                <td>{name}</td>
                <td className="text-right">
                  <Amount units={amount} unit={token} />
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
      <TokenFacts token={token} />
      {hasPhrase && minter !== undefined && <ChangeSupply kind="mint" token={token} accounts={[minter]} />}
      {hasPhrase && own.length > 0 && (
        <ChangeSupply
          kind="burn"
          token={token}
          accounts={own.flatMap(({ address }) => accountFor(address) ?? [])}
        />
      )}
    </div>
  );
}
