import { chooseTheme, currentTheme } from '../app/theme.ts';
import { PATHS } from '../ui/icon.tsx';
import { makeElement, makeIcon } from './make-element.ts';

/** The switch between light and dark, as the app shell has it. */
export function themeButton(): HTMLButtonElement {
  const button = makeElement('button', 'button size-9 p-0', { type: 'button' });
  const draw = () => {
    const isDark = currentTheme() === 'dark';
    button.setAttribute('aria-label', `Use the ${isDark ? 'light' : 'dark'} colours`);
    button.replaceChildren(makeIcon(PATHS[isDark ? 'sun' : 'moon'], 'size-4'));
  };
  button.addEventListener('click', () => {
    chooseTheme(currentTheme() === 'dark' ? 'light' : 'dark');
    draw();
  });
  draw();
  return button;
}
