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
