import { useState } from 'react';
import { Icon } from '../ui/icon.tsx';

const KEY = 'calin-theme';

type Theme = 'light' | 'dark';

/** Takes up the choice that was made here before; without one the machine's setting counts. */
export function restoreTheme(): void {
  const saved = readSaved();
  if (saved !== undefined) document.documentElement.dataset['theme'] = saved;
}

/** Switches between light and dark, and remembers it. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(() => readSaved() ?? systemTheme());
  const next = theme === 'dark' ? 'light' : 'dark';
  const change = () => {
    document.documentElement.dataset['theme'] = next;
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // A browser that keeps nothing still switches.
    }
    setTheme(next);
  };
  return (
    <button
      type="button"
      onClick={change}
      aria-label={`Use the ${next} colours`}
      className="button size-9 p-0"
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}

function readSaved(): Theme | undefined {
  try {
    const saved = localStorage.getItem(KEY);
    return saved === 'light' || saved === 'dark' ? saved : undefined;
  } catch {
    return undefined;
  }
}

function systemTheme(): Theme {
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
