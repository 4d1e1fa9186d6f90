import { Link } from '@tanstack/react-router';

/** Leads to a token by its symbol, which anybody could have chosen as well: the id tells tokens apart. */
export function TokenLink({ asset, symbol }: { readonly asset: number; readonly symbol: string }) {
  return (
    <Link
      to="/token/$asset"
      params={{ asset: String(asset) }}
      title={`Token ${asset}`}
      className="link font-medium"
    >
      {symbol}
    </Link>
  );
}
