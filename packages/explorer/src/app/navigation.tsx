import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { statusQuery } from '../node/queries.ts';
import { Icon } from '../ui/icon.tsx';

const PLACES = [
  { to: '/wallet', name: 'Wallet', icon: 'wallet' },
  { to: '/blocks', name: 'Blocks', icon: 'blocks' },
  { to: '/mempool', name: 'Mempool', icon: 'clock' },
  { to: '/tokens', name: 'Tokens', icon: 'coins' },
  { to: '/producers', name: 'Producers', icon: 'shield' },
  { to: '/charts', name: 'Charts', icon: 'gauge' },
  { to: '/forks', name: 'Forks', icon: 'forks' },
  { to: '/network', name: 'Network', icon: 'transactions' },
  { to: '/learn', name: 'Learn', icon: 'learn' },
  { to: '/simulator', name: 'Simulator', icon: 'play' },
] as const;
const CLASS =
  'flex items-center gap-1.5 whitespace-nowrap rounded-lg px-2.5 py-1.5 text-soft text-sm hover:bg-sunken hover:text-ink';
const DEVELOPER = { to: '/developer', name: 'Developer', icon: 'tools' } as const;

/** The way to the pages that stand for themselves. */
export function Navigation() {
  const { data: status } = useQuery(statusQuery);
  const places = status?.dev === true ? [...PLACES, DEVELOPER] : PLACES;
  return (
    <nav aria-label="Pages" className="-mx-1 flex gap-1 overflow-x-auto">
      {places.map(({ to, name, icon }) => (
        <Link
          key={to}
          to={to}
          className={CLASS}
          activeProps={{ className: 'bg-sunken !text-ink font-medium' }}
        >
          <Icon name={icon} />
          {name}
        </Link>
      ))}
      {/* The docs are documents of their own, which the router does not draw. */}
      <a href="/docs" className={CLASS}>
        <Icon name="book" />
        Docs
      </a>
    </nav>
  );
}
