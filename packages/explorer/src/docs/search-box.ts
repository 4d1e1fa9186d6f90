import { PATHS } from '../ui/icon.tsx';
import { type FoundPlace, findPages, type IndexedPage } from './find-pages.ts';
import { makeElement, makeIcon } from './make-element.ts';

/** Finds pages and headings of the docs while one types. The key `/` leads here from anywhere. */
export function searchBox(): HTMLElement {
  const input = makeElement('input', 'field pr-3 pl-9', {
    type: 'text',
    name: 'search',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'Search the docs',
    'aria-label': 'Search the docs',
  });
  const found = makeElement('div', 'panel absolute top-11 right-0 left-0 z-20 p-1 text-sm shadow-lg');
  found.hidden = true;
  const form = makeElement('form', '', {}, [
    makeIcon(PATHS.search, 'pointer-events-none absolute top-2.5 left-3 size-4 text-soft'),
    input,
  ]);
  const box = makeElement('search', 'relative min-w-0 flex-1', {}, [form, found]);
  const look = async () => show(found, input.value, findPages(await readIndex(), input.value));
  input.addEventListener('input', () => void look());
  input.addEventListener('focus', () => void look());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    found.querySelector('a')?.click();
  });
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') found.hidden = true;
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') step(event, box);
  });
  box.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && box.contains(relatedTarget))) found.hidden = true;
  });
  onSlash(() => input.focus());
  return box;
}

let index: Promise<readonly IndexedPage[]> | undefined;

/** The index is read when it is asked for first; when that fails, at the next letter again. */
function readIndex(): Promise<readonly IndexedPage[]> {
  index ??= fetch('/docs/search.json')
    .then((response) => response.json() as Promise<readonly IndexedPage[]>)
    .catch(() => {
      index = undefined;
      return [];
    });
  return index;
}

function show(found: HTMLElement, text: string, places: readonly FoundPlace[]): void {
  found.hidden = text.trim() === '';
  const links = places.map(({ url, title, place }) => {
    const above = place === undefined ? [] : [makeElement('span', 'caption block', {}, [title])];
    const link = makeElement('a', 'block rounded-lg px-3 py-2 hover:bg-sunken', { href: url }, [
      ...above,
      place ?? title,
    ]);
    // A place on the same page is reached without loading it anew.
    link.addEventListener('click', () => {
      found.hidden = true;
    });
    return makeElement('li', '', {}, [link]);
  });
  const nothing = makeElement('p', 'px-3 py-2', { role: 'status' }, ['Nothing is called so.']);
  found.replaceChildren(
    links.length === 0 ? nothing : makeElement('ul', '', { 'aria-label': 'Found' }, links),
  );
}

/** The arrows move between the field and what was found. */
function step(event: KeyboardEvent, box: HTMLElement): void {
  const stops = [...box.querySelectorAll<HTMLElement>('input, a')];
  const at = stops.findIndex((stop) => stop.matches(':focus'));
  const next = stops[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function onSlash(pressed: () => void): void {
  document.addEventListener('keydown', (event) => {
    const { target } = event;
    const isTyping = target instanceof HTMLElement && target.closest('input, textarea, select') !== null;
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    pressed();
  });
}
