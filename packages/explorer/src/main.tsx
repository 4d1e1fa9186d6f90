import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './app/router.tsx';
import { restoreTheme } from './app/theme.ts';
import { followNews } from './node/live-news.ts';
import { RefusedCall } from './node/rpc.ts';

/** What fails for a moment is tried again so often. Other refusals stay until the chain goes on. */
const RETRIES_MAX = 2;
const PASSING: ReadonlySet<string> = new Set([
  'rpc/unreachable',
  'rpc/timeout',
  'rpc/rate-limited',
  'node/busy',
]);

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) =>
        failures < RETRIES_MAX && error instanceof RefusedCall && PASSING.has(error.refusal.rule),
      staleTime: 5000,
    },
  },
});

restoreTheme();
followNews(queries);
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
