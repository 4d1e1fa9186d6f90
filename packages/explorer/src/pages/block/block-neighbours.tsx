import { Link } from '@tanstack/react-router';
import { Icon } from '../../ui/icon.tsx';

/** The way to the blocks before and after one. */
export function BlockNeighbours({
  height,
  headHeight,
}: {
  readonly height: number;
  readonly headHeight: number;
}) {
  return (
    <nav aria-label="Neighbours" className="flex gap-2">
      <Link
        to="/block/$block"
        params={{ block: String(height - 1) }}
        disabled={height === 0}
        aria-label="The block before"
        className="button size-9 p-0 aria-disabled:opacity-40"
      >
        <Icon name="back" />
      </Link>
      <Link
        to="/block/$block"
        params={{ block: String(height + 1) }}
        disabled={height >= headHeight}
        aria-label="The block after"
        className="button size-9 p-0 aria-disabled:opacity-40"
      >
        <Icon name="forward" />
      </Link>
    </nav>
  );
}
