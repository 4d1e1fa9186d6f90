import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { tokenQuery } from '../../../node/queries.ts';
import { AssetAmount } from '../../../ui/asset-amount.tsx';
import { Pill } from '../../../ui/pill.tsx';
import type { HeldToken } from './held-tokens.ts';
import { useSameSymbol } from './use-same-symbol.ts';

/** A token that is held, in the table. */
export function TokenRow({ held: { asset, total, parts } }: { readonly held: HeldToken }) {
  const { data: token } = useQuery(tokenQuery(asset));
  const warning = useSameSymbol(asset, token?.symbol);
  return (
    <tr>
      <td>
        <Link
          to="/wallet/$section/$item"
          params={{ section: 'tokens', item: String(asset) }}
          className="link font-medium"
        >
          {token?.symbol ?? '…'}
        </Link>{' '}
        {warning !== undefined && (
          <Pill tone="warn" title={warning}>
            not the only one
          </Pill>
        )}
      </td>
      <td className="max-w-48 truncate">{token?.name}</td>
      <td className="font-mono text-xs">{asset}</td>
      <td className="text-soft">{parts.map(({ name }) => name).join(', ')}</td>
      <td className="text-right">
        <AssetAmount asset={asset} units={total} />
      </td>
    </tr>
  );
}
