import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { statusQuery } from '../node/queries.ts';
import { Notice } from '../ui/notice.tsx';
import { shorten } from '../words/shorten.ts';
import { IndexNotice } from './index-notice.tsx';
import { Navigation } from './navigation.tsx';
import { SearchBox } from './search-box.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

/** What stands around every page. */
export function AppShell() {
  const { data: status, isError } = useQuery({ ...statusQuery, refetchInterval: 10_000 });
  const main = useRef<HTMLElement>(null);
  useFocusOnNewPage(main);
  return (
    <div className="mx-auto flex min-h-dvh max-w-6xl flex-col px-4 sm:px-6">
      <a href="#main" className="button sr-only focus:not-sr-only focus:absolute focus:z-20 focus:m-2">
        Skip to the page
      </a>
      <header className="space-y-2 py-3 sm:py-4">
        <div className="flex items-center gap-3 sm:gap-5">
          <Link to="/" className="flex items-center gap-2 rounded-lg" aria-label="Calin, home">
            <Mark />
            <span className="hidden font-semibold text-lg tracking-tight sm:block">Calin</span>
          </Link>
          <SearchBox />
          <p className="caption flex items-center gap-1.5 whitespace-nowrap">
            <span className={`size-2 rounded-full ${isError ? 'bg-bad' : 'animate-breathe bg-good'}`} />
            <span className="sr-only sm:not-sr-only">
              {isError ? 'no answer' : (status?.name ?? 'connecting')}
              {status?.dev === true && ' · development'}
            </span>
          </p>
          <ThemeSwitch />
        </div>
        <Navigation />
      </header>
      {isError && (
        <div className="pb-4">
          <Notice title="The node does not answer." tone="bad">
            What is shown may be old. Start it again with “calin dev” or look at its log; the page goes on by
            itself.
          </Notice>
        </div>
      )}
      {!isError && <IndexNotice />}
      <main id="main" ref={main} tabIndex={-1} className="min-w-0 flex-1 pb-12">
        <Outlet />
      </main>
      <footer className="caption flex flex-wrap justify-between gap-x-6 gap-y-1 border-line border-t py-4">
        <span title={status?.chainId}>
          Chain <span className="font-mono">{shorten(status?.chainId ?? '')}</span>, as this node knows it
        </span>
        <span className="flex gap-4">
          <a href="/docs" className="link">
            Docs
          </a>
          <a href="/docs/api" className="link">
            API
          </a>
        </span>
      </footer>
    </div>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className="size-8">
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <g fill="none" className="stroke-on-accent" strokeWidth="3.4" strokeLinecap="round">
        <path d="M19.5 9.6A7.2 7.2 0 1 0 13 22.1" />
        <path d="M12.5 22.4A7.2 7.2 0 1 0 19 9.9" />
      </g>
    </svg>
  );
}

/** Readers of screens begin at the top of a page that was opened, and not where the link to it was. */
function useFocusOnNewPage(main: { readonly current: HTMLElement | null }): void {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path, main]);
}
