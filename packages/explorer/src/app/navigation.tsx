import { Link } from '@tanstack/react-router';
import { Icon } from '../ui/icon.tsx';

const PLACES = [
  { to: '/blocks', name: 'Blocks', icon: 'blocks' },
  { to: '/mempool', name: 'Mempool', icon: 'clock' },
] as const;

/** The way to the pages that stand for themselves. */
export function Navigation() {
  return (
    <nav aria-label="Pages" className="-mx-1 flex gap-1 overflow-x-auto">
      {PLACES.map(({ to, name, icon }) => (
        <Link
          key={to}
          to={to}
          className="flex items-center gap-1.5 whitespace-nowrap rounded-lg px-2.5 py-1.5 text-soft text-sm hover:bg-sunken hover:text-ink"
          activeProps={{ className: 'bg-sunken !text-ink font-medium' }}
        >
          <Icon name={icon} />
          {name}
        </Link>
      ))}
    </nav>
  );
}
