import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { statusQuery } from '../node/queries.ts';

const PLACES = [
  { to: '/wallet', name: 'Wallet' },
  { to: '/blocks', name: 'Blocks' },
  { to: '/mempool', name: 'Mempool' },
  { to: '/tokens', name: 'Tokens' },
  { to: '/producers', name: 'Producers' },
  { to: '/charts', name: 'Charts' },
  { to: '/forks', name: 'Forks' },
  { to: '/network', name: 'Network' },
  { to: '/learn', name: 'Learn' },
  { to: '/simulator', name: 'Simulator' },
] as const;
const CLASS = 'whitespace-nowrap rounded-lg px-2.5 py-1.5 text-soft text-sm hover:bg-sunken hover:text-ink';
const DEVELOPER = { to: '/developer', name: 'Developer' } as const;

/** The way to the pages that stand for themselves. */
export function Navigation() {
  const { data: status } = useQuery(statusQuery);
  const places = status?.dev === true ? [...PLACES, DEVELOPER] : PLACES;
  return (
    <nav aria-label="Pages" className="-mx-1 flex gap-1 overflow-x-auto">
      {places.map(({ to, name }) => (
        <Link
          key={to}
          to={to}
          className={CLASS}
          activeProps={{ className: 'bg-sunken !text-ink font-medium' }}
        >
          {name}
        </Link>
      ))}
      {/* The docs are documents of their own, which the router does not draw. */}
      <a href="/docs" className={CLASS}>
        Docs
      </a>
    </nav>
  );
}
