import { useQuery } from '@tanstack/react-query';
import { tokenQuery } from '../node/queries.ts';

/** An asset in a list of choices; the id tells tokens of one symbol apart. */
export function AssetOption({ asset }: { readonly asset: number }) {
  const { data: token } = useQuery({ ...tokenQuery(asset), enabled: asset !== 0 });
  const name = asset === 0 ? 'CALIN' : `${token?.symbol ?? 'Token'} (${asset})`;
  return <option value={asset}>{name}</option>;
}
