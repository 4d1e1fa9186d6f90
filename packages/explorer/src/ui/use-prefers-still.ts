import { useSyncExternalStore } from 'react';

const QUERY = '(prefers-reduced-motion: reduce)';

function subscribe(changed: () => void): () => void {
  const query = matchMedia(QUERY);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** True for people who want nothing to move: for what moves without styles. */
export function usePrefersStill(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(QUERY).matches);
}
