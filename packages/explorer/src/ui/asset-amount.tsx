import { useQuery } from '@tanstack/react-query';
import { tokenQuery } from '../node/queries.ts';
import { Amount } from './amount.tsx';

/** An amount of any asset, in the unit that its token says. */
export function AssetAmount({ asset, units }: { readonly asset: number; readonly units: number }) {
  const { data: token } = useQuery({ ...tokenQuery(asset), enabled: asset !== 0 });
  if (asset === 0) return <Amount units={units} />;
  return <Amount units={units} unit={{ symbol: token?.symbol ?? '…', decimals: token?.decimals ?? 0 }} />;
}
