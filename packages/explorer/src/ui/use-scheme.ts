import { useSyncExternalStore } from 'react';

const QUERY = '(prefers-color-scheme: dark)';

function subscribe(changed: () => void): () => void {
  const query = matchMedia(QUERY);
  const observer = new MutationObserver(changed);
  query.addEventListener('change', changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    query.removeEventListener('change', changed);
    observer.disconnect();
  };
}

/** Light or dark, as the switch or the machine says now: for what is drawn without styles. */
export function useScheme(): 'light' | 'dark' {
  return useSyncExternalStore(subscribe, () => {
    const chosen = document.documentElement.dataset['theme'];
    if (chosen === 'light' || chosen === 'dark') return chosen;
    return matchMedia(QUERY).matches ? 'dark' : 'light';
  });
}
