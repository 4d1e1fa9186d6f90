import { AssetAmount } from '../../ui/asset-amount.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import type { FlowRow } from './layout-flow.ts';

const NAMES: Readonly<Record<Exclude<FlowRow['kind'], 'coin'>, string>> = {
  unknown: 'A coin this node no longer has',
  created: 'Newly made',
  burned: 'Burned',
  tip: 'Tip to the producer',
  rest: 'others',
};

function nameOf(kind: keyof typeof NAMES, asset: number): string {
  return kind === 'created' && asset === 0 ? 'Newly made, with tips of the block' : NAMES[kind];
}

/** One end of a stream: whose coin it is, and how much. */
export function FlowCoin({ row }: { readonly row: FlowRow }) {
  const { kind, key, address, asset, amount } = row;
  const name = kind === 'rest' ? key : kind === 'coin' ? '' : nameOf(kind, asset);
  return (
    <div className="min-w-0 rounded-lg bg-sunken px-3 py-1.5 text-sm leading-5">
      <div className="truncate">
        {address === undefined ? (
          <span className="text-soft">{name}</span>
        ) : (
          <NameLink kind="address" name={address} />
        )}
      </div>
      {kind !== 'unknown' && (
        <div className="truncate font-medium">
          <AssetAmount asset={asset} units={amount} />
        </div>
      )}
    </div>
  );
}
