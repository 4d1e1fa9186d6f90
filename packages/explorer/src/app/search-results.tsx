import { Link } from '@tanstack/react-router';
import type { SearchResultJson } from '../node/shapes.ts';
import { formatCount } from '../words/format-units.ts';
import { shorten } from '../words/shorten.ts';

const CLASS = 'block rounded-lg px-3 py-2 hover:bg-sunken';

/** What a search has found, each with the way there. */
export function SearchResults({
  results,
  chosen,
}: {
  readonly results: readonly SearchResultJson[];
  /** Is told when one of them is opened. */
  readonly chosen: () => void;
}) {
  return (
    <ul aria-label="Found">
      {results.map((result) => (
        <li key={`${result.kind} ${result.id ?? result.address ?? result.asset}`}>
          <ResultLink result={result} chosen={chosen} />
        </li>
      ))}
    </ul>
  );
}

function ResultLink({ result, chosen }: { readonly result: SearchResultJson; readonly chosen: () => void }) {
  const { kind, id, height, address, asset, symbol, name } = result;
  const props = { className: CLASS, onClick: chosen };
  switch (kind) {
    case 'block':
      return (
        <Link to="/block/$block" params={{ block: id ?? '' }} {...props}>
          Block {formatCount(height ?? 0)} <span className="font-mono text-soft">{shorten(id ?? '')}</span>
        </Link>
      );
    case 'transaction':
      return (
        <Link to="/tx/$txid" params={{ txid: id ?? '' }} {...props}>
          Transaction <span className="font-mono text-soft">{shorten(id ?? '')}</span>
        </Link>
      );
    case 'address':
      return (
        <Link to="/address/$address" params={{ address: address ?? '' }} {...props}>
          Address <span className="font-mono text-soft">{shorten(address ?? '', 12, 6)}</span>
        </Link>
      );
    case 'token':
      return (
        <Link to="/token/$asset" params={{ asset: String(asset) }} {...props}>
          Token {symbol} <span className="text-soft">{name}</span>
        </Link>
      );
  }
}
