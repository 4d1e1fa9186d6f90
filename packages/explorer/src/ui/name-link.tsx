import { Link } from '@tanstack/react-router';
import { shorten } from '../words/shorten.ts';

interface NameLinkProps {
  /** A hash of a block or transaction, or an address, in full. */
  readonly name: string;
  readonly kind: 'block' | 'transaction' | 'address';
  /** Shows all of it, broken over lines where it must be. */
  readonly isWhole?: boolean;
}

/** Leads to a block, a transaction or an address by its name, which is shortened and can be pointed at. */
export function NameLink({ name, kind, isWhole = false }: NameLinkProps) {
  const shown = isWhole ? name : kind === 'address' ? shorten(name, 12, 6) : shorten(name);
  const props = {
    title: name,
    className: `link font-mono text-[0.92em] ${isWhole ? 'break-all' : 'whitespace-nowrap'}`,
    children: shown,
  };
  switch (kind) {
    case 'block':
      return <Link to="/block/$block" params={{ block: name }} {...props} />;
    case 'transaction':
      return <Link to="/tx/$txid" params={{ txid: name }} {...props} />;
    case 'address':
      return <Link to="/address/$address" params={{ address: name }} {...props} />;
  }
}
