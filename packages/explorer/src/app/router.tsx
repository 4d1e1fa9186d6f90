import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { HomePage } from '../pages/home/home-page.tsx';
import { readSearch } from '../pages/simulator/read-search.ts';
import { ROUTES } from '../routes.ts';
import { RefusalNotice } from '../ui/refusal-notice.tsx';
import { AppShell } from './app-shell.tsx';
import { NotFoundPage } from './not-found-page.tsx';

const root = createRootRoute({ component: AppShell, notFoundComponent: NotFoundPage });
const under = { getParentRoute: () => root };

/** What the lab is to try at once, by its name; what it knows is for the lab to say. */
function readLabSearch(search: Readonly<Record<string, unknown>>): { readonly try?: string } {
  return typeof search['try'] === 'string' ? { try: search['try'].slice(0, 40) } : {};
}

const routes = [
  createRoute({ ...under, path: ROUTES.home, component: HomePage }),
  createRoute({
    ...under,
    path: ROUTES.blocks,
    validateSearch: ({ from }: Readonly<Record<string, unknown>>): { readonly from?: number } =>
      Number.isSafeInteger(from) && Number(from) >= 0 ? { from: Number(from) } : {},
    component: lazyRouteComponent(() => import('../pages/blocks/blocks-page.tsx'), 'BlocksPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.block,
    component: lazyRouteComponent(() => import('../pages/block/block-page.tsx'), 'BlockPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.lab,
    validateSearch: readLabSearch,
    component: lazyRouteComponent(() => import('../pages/lab/lab-page.tsx'), 'LabPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.labBlock,
    validateSearch: readLabSearch,
    component: lazyRouteComponent(() => import('../pages/lab/lab-page.tsx'), 'LabBlockPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.transaction,
    component: lazyRouteComponent(
      () => import('../pages/transaction/transaction-page.tsx'),
      'TransactionPage',
    ),
  }),
  createRoute({
    ...under,
    path: ROUTES.address,
    component: lazyRouteComponent(() => import('../pages/address/address-page.tsx'), 'AddressPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.mempool,
    component: lazyRouteComponent(() => import('../pages/mempool/mempool-page.tsx'), 'MempoolPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.tokens,
    component: lazyRouteComponent(() => import('../pages/tokens/tokens-page.tsx'), 'TokensPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.token,
    component: lazyRouteComponent(() => import('../pages/tokens/token-page.tsx'), 'TokenPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.producers,
    component: lazyRouteComponent(() => import('../pages/producers/producers-page.tsx'), 'ProducersPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.charts,
    component: lazyRouteComponent(() => import('../pages/charts/charts-page.tsx'), 'ChartsPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.forks,
    component: lazyRouteComponent(() => import('../pages/forks/forks-page.tsx'), 'ForksPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.simulator,
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import('../pages/simulator/simulator-page.tsx'), 'SimulatorPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.network,
    component: lazyRouteComponent(() => import('../pages/network/network-page.tsx'), 'NetworkPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.developer,
    component: lazyRouteComponent(() => import('../pages/developer/developer-page.tsx'), 'DeveloperPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.wallet,
    component: lazyRouteComponent(() => import('../pages/wallet/wallet-page.tsx'), 'WalletPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.walletSection,
    component: lazyRouteComponent(() => import('../pages/wallet/wallet-page.tsx'), 'WalletPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.walletItem,
    component: lazyRouteComponent(() => import('../pages/wallet/wallet-page.tsx'), 'WalletPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.learn,
    component: lazyRouteComponent(() => import('../pages/learn/learn-page.tsx'), 'LearnPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.lesson,
    component: lazyRouteComponent(() => import('../pages/learn/lesson-page.tsx'), 'LessonPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.playground,
    component: lazyRouteComponent(() => import('../pages/playground/playground-page.tsx'), 'PlaygroundPage'),
  }),
  createRoute({
    ...under,
    path: ROUTES.playgroundTool,
    component: lazyRouteComponent(() => import('../pages/playground/playground-page.tsx'), 'PlaygroundPage'),
  }),
] as const;

/** Which page is drawn for which path. */
export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: ({ error }: ErrorComponentProps) => (
    <RefusalNotice error={error instanceof Error ? error : new Error(String(error))} />
  ),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
