import type { QueryClient } from '@tanstack/react-query';
import { LIVE, POOL } from './queries.ts';
import { rpc } from './rpc.ts';

/** News come in bursts; what they make old is read again at most this often. */
const REFRESH_MS = 250;
/** As long as the node does not answer it is tried this often. */
const RETRY_MS = 3000;

/**
 * Listens to the node's news and marks what they make old, so that whatever is shown is read again.
 *
 * @returns ends it
 */
export function followNews(queries: QueryClient): () => void {
  const stale = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hasEnded = false;
  const refresh = (...topics: readonly string[]): void => {
    for (const topic of topics) stale.add(topic);
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const topic of stale) void queries.invalidateQueries({ queryKey: [topic] });
      stale.clear();
    }, REFRESH_MS);
  };
  const subscribe = async (topic: 'heads' | 'transactions', makesOld: readonly string[]): Promise<void> => {
    const news = () => refresh(...makesOld);
    const retry = () => void (hasEnded || setTimeout(() => void subscribe(topic, makesOld), RETRY_MS));
    const subscribed = await rpc.subscribe({ topic }, { next: news, resumed: news, failed: retry });
    if (hasEnded) return;
    if (subscribed.ok) news();
    else retry();
  };
  void subscribe('heads', [LIVE, POOL]);
  void subscribe('transactions', [POOL]);
  return () => {
    hasEnded = true;
    clearTimeout(timer);
    rpc.close();
  };
}
