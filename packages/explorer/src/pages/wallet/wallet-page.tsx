import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Suspense } from 'react';
import { statusQuery } from '../../node/queries.ts';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { type BrowserSession, sessionOf } from '../../wallet/browser-session.ts';
import { chainQuery, type KnownChain } from '../../wallet/chain-query.ts';
import { ReviewProvider } from '../../wallet/review-dialog.tsx';
import { useSessionState, WalletProvider } from '../../wallet/wallet-context.tsx';
import { FirstRun } from './first-run.tsx';
import { SECTIONS } from './sections.ts';
import { UnlockForm } from './unlock-form.tsx';

/** The wallet: first run, unlocking, and its sections while it is open. */
export function WalletPage() {
  const { data: chain, error } = useQuery(chainQuery);
  if (error !== null) {
    return (
      <Page title="Wallet">
        <RefusalNotice error={error} />
      </Page>
    );
  }
  if (chain === undefined) {
    return (
      <Page title="Wallet">
        <Loading />
      </Page>
    );
  }
  return <WalletOfNetwork browser={sessionOf(chain.network.addressPrefix)} chain={chain} />;
}

function WalletOfNetwork({
  browser,
  chain,
}: {
  readonly browser: BrowserSession;
  readonly chain: KnownChain;
}) {
  const state = useSessionState(browser.session);
  const { data: status } = useQuery(statusQuery);
  if (state.kind === 'unavailable') {
    return (
      <Page title="Wallet">
        <Notice title={state.why.message} tone="warn">
          {state.why.help} <code className="font-mono text-xs opacity-80">{state.why.rule}</code>
        </Notice>
      </Page>
    );
  }
  if (state.kind === 'none')
    return <FirstRun browser={browser} addressPrefix={chain.network.addressPrefix} />;
  if (state.kind === 'sealed') return <UnlockForm session={browser.session} />;
  if (state.kind === 'reading' || status === undefined) {
    return (
      <Page title="Wallet">
        <Loading />
      </Page>
    );
  }
  const now = { ...chain, status };
  return (
    <WalletProvider session={browser.session} state={state} chain={now} isDev={chain.dev}>
      <ReviewProvider>
        <OpenPage lock={() => browser.session.lock()} />
      </ReviewProvider>
    </WalletProvider>
  );
}

/** Where the bar is longer than the screen, the section that is open is in sight. */
function showInBar(link: HTMLAnchorElement | null): void {
  link?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
}

function OpenPage({ lock }: { readonly lock: () => void }) {
  const { section: path, item } = useParams({ strict: false });
  const section = SECTIONS.find((one) => one.path === (path ?? SECTIONS[0]?.path));
  return (
    <Page
      title="Wallet"
      tab={`${section?.name ?? 'Wallet'} · Wallet`}
      above={
        <button type="button" className="button" onClick={lock}>
          <Icon name="lock" /> Lock
        </button>
      }
    >
      <nav aria-label="Wallet" className="flex gap-1 overflow-x-auto border-line border-b pb-2">
        {SECTIONS.map((one) => (
          <Link
            key={one.path}
            ref={one === section ? showInBar : undefined}
            to="/wallet/$section"
            params={{ section: one.path }}
            aria-current={one === section ? 'page' : undefined}
            className={`flex items-center gap-1.5 whitespace-nowrap rounded-lg px-2.5 py-1.5 text-sm hover:bg-sunken hover:text-ink ${one === section ? 'bg-sunken font-medium text-ink' : 'text-soft'}`}
          >
            <Icon name={one.icon} />
            {one.name}
          </Link>
        ))}
      </nav>
      <Suspense fallback={<Loading />}>
        {section === undefined ? (
          <Notice title="The wallet has no such page." />
        ) : (
          <section.Section item={item} />
        )}
      </Suspense>
    </Page>
  );
}
