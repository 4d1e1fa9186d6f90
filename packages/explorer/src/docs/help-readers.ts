import { makeElement } from './make-element.ts';

/** Commands are there to be run: each block of them can be copied. */
export function addCopyButtons(): void {
  if (navigator.clipboard === undefined) return;
  for (const block of document.querySelectorAll<HTMLElement>('pre[data-language="sh"]')) {
    const text = block.textContent?.trimEnd() ?? '';
    const button = makeElement('button', 'docs-copy button', { type: 'button' }, ['Copy']);
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 1500);
    });
    const frame = makeElement('div', 'docs-frame');
    block.replaceWith(frame);
    frame.append(block, button);
  }
}

/** Where the tree of all pages scrolls by itself, the page that is read stands in its middle. */
export function showPlaceInTree(): void {
  const tree = document.querySelector<HTMLElement>('.docs-tree');
  const here = tree?.querySelector<HTMLElement>('[aria-current]');
  if (!tree || !here) return;
  const below = here.getBoundingClientRect().top - tree.getBoundingClientRect().top;
  tree.scrollTop = below - tree.clientHeight / 2;
}

/** What is wider than its place is reached with the keyboard too, and what is not is no stop on the way. */
export function makeScrollersReachable(): void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (!(target instanceof HTMLElement)) continue;
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute('tabindex');
    }
  });
  for (const block of document.querySelectorAll('pre, .wide')) observer.observe(block);
}
