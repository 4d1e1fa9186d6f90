import { useState } from 'react';
import { Icon } from '../ui/icon.tsx';
import { chooseTheme, currentTheme, type Theme } from './theme.ts';

/** Switches between light and dark, and remembers it. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(currentTheme);
  const next = theme === 'dark' ? 'light' : 'dark';
  const change = () => {
    chooseTheme(next);
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
