import { htmlText } from './html-text.ts';
import { type DocsPage, SECTIONS, type SectionName } from './make-site.ts';
import type { Place } from './render-markdown.ts';

/** Headings are listed beside a page up to the depth at which they are no more than this. */
const LISTED_MAX = 40;

/** The mark of the pages, as the app shell draws it. */
const MARK = [
  '<svg viewBox="0 0 32 32" aria-hidden="true" class="size-8">',
  '<rect width="32" height="32" rx="9" class="fill-accent"/>',
  '<g fill="none" class="stroke-on-accent" stroke-width="3.4" stroke-linecap="round">',
  '<path d="M19.5 9.6A7.2 7.2 0 1 0 13 22.1"/><path d="M12.5 22.4A7.2 7.2 0 1 0 19 9.9"/></g></svg>',
].join('');

/**
 * One page of the docs as HTML: header, the page with its neighbours, what is on it, and the tree of all pages. It
 * works without a script; with one it has search and the switch of colours.
 *
 * @param template - the document that the build has made, with links to its styles and its script
 * @param pages - all of them, in order
 */
export function formatPage(template: string, page: DocsPage, pages: readonly DocsPage[]): string {
  const title = page.section === 'map' ? 'Calin docs' : `${page.title} · Calin docs`;
  const toc = formatContents(page.places);
  const body = `<div class="mx-auto flex min-h-dvh max-w-7xl flex-col px-4 sm:px-6">
<a href="#docs-main" class="button sr-only focus:not-sr-only focus:absolute focus:z-20 focus:m-2">Skip to the page</a>
${header(page, pages)}
<div class="docs-columns flex-1 pb-12">
<main id="docs-main" tabindex="-1" class="docs-page prose min-w-0">
<div class="docs-title">${page.head}</div>
${toc}
<article class="min-w-0">
${page.body}${neighbours(page, pages)}</article>
</main>
${formatTree(page, pages)}
</div>
<footer class="caption flex flex-wrap justify-between gap-x-6 gap-y-1 border-line border-t py-4"><span>Made from <span class="font-mono">${htmlText(page.path)}</span></span><span class="flex gap-4"><a href="/docs" class="link">Docs</a><a href="/docs/api" class="link">API</a></span></footer>
</div>`;
  return fill(
    fill(template, '<div id="docs"></div>', body),
    '<title>Calin docs</title>',
    `<title>${htmlText(title)}</title>`,
  );
}

/** Exactly one place of the template becomes something else. */
function fill(template: string, place: string, text: string): string {
  const parts = template.split(place);
  if (parts.length !== 2) throw new Error(`the template of the docs has ${parts.length - 1} times ${place}`);
  return parts.join(text);
}

function header(page: DocsPage, pages: readonly DocsPage[]): string {
  const sections = sectionsOf(pages).map((name) => {
    const here = name === page.section ? ' aria-current="true"' : '';
    return navigationLink(`/docs#${name}`, SECTIONS[name], here);
  });
  const map = navigationLink('/docs', 'Docs', page.section === 'map' ? ' aria-current="page"' : '');
  const api = navigationLink('/docs/api', 'API', '');
  return `<header class="space-y-2 py-3 sm:py-4">
<div class="flex items-center gap-3 sm:gap-5">
<a href="/" class="flex items-center gap-2 rounded-lg" aria-label="Calin, home">${MARK}
<span class="hidden font-semibold text-lg tracking-tight sm:block">Calin</span></a>
<div id="docs-tools" class="flex min-w-0 flex-1 items-center gap-3 sm:gap-5"></div>
</div>
<div class="flex items-center gap-3">
<nav aria-label="Docs" class="-mx-1 flex min-w-0 flex-1 gap-1 overflow-x-auto">${map}${sections.join('')}${api}</nav>
<a href="#docs-tree" class="docs-narrow button shrink-0 whitespace-nowrap">All pages</a>
</div>
</header>`;
}

/** Those sections that have pages. */
function sectionsOf(pages: readonly DocsPage[]): readonly (keyof typeof SECTIONS)[] {
  const names = Object.keys(SECTIONS) as (keyof typeof SECTIONS)[];
  return names.filter((name) => pages.some(({ section }) => section === name));
}

function navigationLink(url: string, title: string, more: string): string {
  const look = 'flex items-center whitespace-nowrap rounded-lg px-2.5 py-1.5 text-soft text-sm';
  return `<a href="${url}" class="docs-section ${look} hover:bg-sunken hover:text-ink"${more}>${title}</a>`;
}

/** What is on the page, as deep as it stays short. */
function formatContents(places: readonly Place[]): string {
  const headings = places.filter(({ depth }) => depth === 2 || depth === 3);
  const listed = headings.length <= LISTED_MAX ? headings : headings.filter(({ depth }) => depth === 2);
  if (listed.length < 2) return '';
  const items = listed.map(
    ({ text, anchor, depth }) =>
      `<li${depth === 3 ? ' class="deep"' : ''}><a href="#${htmlText(anchor)}">${htmlText(text)}</a></li>`,
  );
  return `<nav class="docs-contents" aria-label="On this page"><p class="caption">On this page</p><ul>${items.join('')}</ul></nav>`;
}

function neighbours(page: DocsPage, pages: readonly DocsPage[]): string {
  if (page.section === 'map') return '';
  const at = pages.indexOf(page);
  const link = (other: DocsPage | undefined, word: string, rel: string): string =>
    other === undefined || other.section !== page.section
      ? '<span></span>'
      : `<a href="${other.url}" rel="${rel}" class="docs-neighbour panel"><span class="caption">${word}</span>${htmlText(other.title)}</a>`;
  const [before, after] = [link(pages[at - 1], 'Before', 'prev'), link(pages[at + 1], 'Next', 'next')];
  return `<nav class="docs-turn" aria-label="Before and next">${before}${after}</nav>`;
}

/** All pages by section. The many decisions are listed where one of them, or the map, is read. */
function formatTree(page: DocsPage, pages: readonly DocsPage[]): string {
  const groups = sectionsOf(pages).map((name) => {
    const isListed = name !== 'decisions' || page.section === 'decisions' || page.section === 'map';
    const heading = `<h2 class="caption">${isListed ? SECTIONS[name] : `<a href="/docs#decisions">${SECTIONS[name]}</a>`}</h2>`;
    return `${heading}${isListed ? listOf(name, page, pages) : ''}`;
  });
  return `<nav id="docs-tree" class="docs-tree" aria-label="All pages">${groups.join('')}</nav>`;
}

function listOf(section: SectionName, page: DocsPage, pages: readonly DocsPage[]): string {
  const items = pages
    .filter((other) => other.section === section)
    .map(({ url, title }) => {
      const here = url === page.url ? ' aria-current="page"' : '';
      return `<li><a href="${url}"${here}>${htmlText(title)}</a></li>`;
    });
  return `<ul>${items.join('')}</ul>`;
}
