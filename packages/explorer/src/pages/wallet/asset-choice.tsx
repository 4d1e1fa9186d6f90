import type { WalletAccount } from '@calin/client/wallet/wallet-document.ts';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { holdingsQuery, tokenQuery } from '../../node/queries.ts';
import { SelectField } from '../../ui/text-field.tsx';
import { useWallet } from '../../wallet/wallet-context.tsx';
import { splitAmount } from '../../words/format-units.ts';

/** Which of the assets that an account holds is meant. */
export function AssetChoice({
  account,
  asset,
  choose,
}: {
  readonly account: WalletAccount;
  readonly asset: number;
  readonly choose: (asset: number) => void;
}) {
  const { addressOf } = useWallet();
  const { data } = useQuery({ ...holdingsQuery(addressOf(account)), placeholderData: keepPreviousData });
  const held = (data?.balances ?? []).filter((balance) => balance.asset !== 0);
  const ids = [...new Set([...held.map((balance) => balance.asset), ...(asset === 0 ? [] : [asset])])];
  const tokens = useQueries({ queries: ids.map((id) => tokenQuery(id)) });
  const native = data?.balances.find((balance) => balance.asset === 0)?.confirmed ?? 0;
  return (
    <SelectField
      label="Asset"
      name="asset"
      value={asset}
      onChange={({ target }) => choose(Number(target.value))}
      help={data === undefined ? undefined : `The account has ${splitAmount(native, 8).join('')} CALIN.`}
    >
      <option value={0}>CALIN</option>
      {ids.map((id, i) => {
        const token = tokens[i]?.data;
        const units = held.find((balance) => balance.asset === id)?.confirmed ?? 0;
        return (
          <option key={id} value={id}>
            {token === undefined
              ? `asset ${id}`
              : `${token.symbol} (asset ${id}): ${splitAmount(units, token.decimals).join('')}`}
          </option>
        );
      })}
    </SelectField>
  );
}
