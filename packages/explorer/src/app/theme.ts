const KEY = 'calin-theme';

/** The two sets of colours. */
export type Theme = 'light' | 'dark';

/** Takes up the choice that was made here before; without one the machine's setting counts. */
export function restoreTheme(): void {
  const saved = readSaved();
  if (saved !== undefined) document.documentElement.dataset['theme'] = saved;
}

/** The colours that are shown now. */
export function currentTheme(): Theme {
  return readSaved() ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
}

/** Shows other colours, and remembers the choice where the browser keeps anything. */
export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser that keeps nothing still switches.
  }
}

function readSaved(): Theme | undefined {
  try {
    const saved = localStorage.getItem(KEY);
    return saved === 'light' || saved === 'dark' ? saved : undefined;
  } catch {
    return undefined;
  }
}
