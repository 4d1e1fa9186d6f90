import { Link } from '@tanstack/react-router';
import { formatCount } from '../words/format-units.ts';

/** Leads to the block of the best branch at a height. */
export function HeightLink({ height }: { readonly height: number }) {
  return (
    <Link to="/block/$block" params={{ block: String(height) }} className="link font-medium">
      {formatCount(height)}
    </Link>
  );
}
